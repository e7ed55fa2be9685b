import type { Duplex } from 'node:stream';
import type { Broker } from '../broker/broker.js';
import type { Outgoing, Session } from '../broker/session.js';
import { ConnectStart } from '../packets/connect-start.js';
import { encodePublish } from '../packets/encode-publish.js';
import { FrameReader } from '../packets/frames.js';
import { type AckName, encodeAck, encodePacket } from '../packets/packets.js';
import { fault, ProtocolFault, Reason } from '../packets/reason.js';
import { IncomingAliases, OutgoingAliases } from '../packets/topic-aliases.js';
import type { Client, Peer } from './client.js';
import { type ClientSettings, DEFAULT_SETTINGS } from './client-settings.js';
import { handleFrame } from './handlers.js';
import { Outbox } from './outbox.js';

/** Over this much unsent data new messages wait in the session. */
const CONGESTED_BYTES = 1024 * 1024;
/** How long the peer may take to close its side. */
const CLOSE_GRACE_MS = 1000;

/** One client on one socket: reads packets, writes packets, and ends with the reason code that fits. */
export class Connection implements Client {
  readonly broker: Broker;
  readonly peer: Peer;
  settings: ClientSettings = DEFAULT_SETTINGS;
  session: Session | undefined;
  readonly incomingAliases: IncomingAliases;

  readonly #stream: Duplex;
  readonly #outbox: Outbox;
  readonly #frames: FrameReader;
  readonly #start = new ConnectStart();
  #outgoingAliases = new OutgoingAliases(0);
  #open = true;
  #timer: NodeJS.Timeout | undefined;
  /** Of what this connection has read in part, as the broker counts it. */
  #reading = 0;

  constructor(broker: Broker, stream: Duplex, peer: Peer) {
    this.peer = peer;
    this.broker = broker;
    this.#stream = stream;
    this.#outbox = new Outbox(stream, broker.memory);
    this.#frames = new FrameReader(broker.limits.connectBytes);
    this.incomingAliases = new IncomingAliases(broker.limits.topicAliases);
    broker.waiting.add(this);
    this.#limitTime(broker.limits.connectTimeoutMs, () => {
      broker.logger.warn(this.#who, 'no CONNECT in time');
      this.end();
    });
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('drain', () => this.#drained());
    stream.on('error', ({ message }) => broker.logger.debug({ ...this.#who, message }, 'socket failed'));
    stream.on('end', () => stream.end());
    stream.on('close', () => this.#leave(undefined));
  }

  /** True while the socket holds so much unsent data that messages had better wait in the session. */
  get congested(): boolean {
    return this.#outbox.backlogBytes > CONGESTED_BYTES;
  }

  /** The client is accepted: deliveries of its session go to this connection. */
  begin(session: Session, settings: ClientSettings): void {
    this.settings = settings;
    this.session = session;
    this.broker.waiting.delete(this);
    this.#frames.maxPacketBytes = this.broker.limits.packetBytes;
    session.expirySeconds = settings.sessionExpiryInterval;
    this.#outgoingAliases = new OutgoingAliases(settings.topicAliasMaximum);
    this.#limitTime(settings.keepalive * 1500, () =>
      this.#failed(fault(Reason.keepAliveTimeout, 'The client was silent for too long')),
    );
    this.broker.connections.add(this);
    this.broker.traffic.emit({ type: 'connected', clientId: settings.clientId, ...this.peer });
  }

  /** Leaves a packet out that is larger than the client takes. */
  send(packet: Buffer): void {
    if (packet.length <= this.settings.maximumPacketSize) this.#outbox.push(packet);
  }

  sendAck(name: AckName, packetId: number, reasonCode: number): void {
    this.#outbox.push(encodeAck(name, packetId, reasonCode));
  }

  /** Answers false when the packet is larger than the client takes: it counts as delivered (section 3.1.2.11.4). */
  sendPublish(entry: Outgoing, dup: boolean): boolean {
    const { topic } = entry.message;
    const { clientId, maximumPacketSize } = this.settings;
    const alias = this.#outgoingAliases.for(topic);
    const packet = encodePublish(entry, dup, alias);
    if (packet.length > maximumPacketSize) {
      if (alias?.isNew) this.#outgoingAliases.forget(topic);
      const bytes = packet.length;
      this.broker.logger.warn({ clientId, topic, bytes }, 'message too large for its subscriber');
      return false;
    }
    this.#outbox.push(packet);
    this.broker.traffic.message('delivered', clientId, { ...entry, dup });
    return true;
  }

  /** Tells the client why, then ends the connection. Its will is published (section 3.1.2.5). */
  close(reasonCode: number, reasonString: string): void {
    if (this.#open && this.session === undefined && reasonCode === Reason.packetTooLarge) {
      const properties = { reasonString };
      this.send(encodePacket({ cmd: 'connack', reasonCode, sessionPresent: false, properties }));
    }
    if (this.#open && this.session !== undefined) {
      const full = encodePacket({ cmd: 'disconnect', reasonCode, properties: { reasonString } });
      const fits = full.length <= this.settings.maximumPacketSize;
      this.send(fits ? full : encodePacket({ cmd: 'disconnect', reasonCode }));
    }
    this.end(reasonCode);
  }

  /** Ends the connection at once, with nothing said and nothing waited for. */
  drop(): void {
    this.#leave(undefined);
    this.#stream.destroy();
  }

  /** Ends the connection without another word. */
  end(reasonCode?: number): void {
    if (!this.#open) return;
    this.#leave(reasonCode);
    this.#outbox.flush();
    this.#stream.end();
    // Reading on, unread, lets the last packet arrive: closing over unread data resets the connection.
    this.#stream.resume();
    this.#limitTime(CLOSE_GRACE_MS, () => this.#stream.destroy());
  }

  #read(chunk: Buffer): void {
    if (!this.#open) return;
    if (this.session !== undefined) this.#timer?.refresh();
    try {
      if (this.session === undefined) this.#start.check(chunk);
      for (const frame of this.#frames.read(chunk)) {
        handleFrame(this, frame);
        if (!this.#open) return;
      }
      this.#countReading();
    } catch (error) {
      this.#failed(error);
    }
    // A client that sends and doesn't read would have its answers pile up here.
    if (this.#open && this.#outbox.backlogBytes > CONGESTED_BYTES + this.broker.limits.packetBytes) {
      this.#stream.pause();
    }
  }

  /** Packets that are there in part are held as well; where all is full, no large one is waited for. */
  #countReading(): void {
    const { memory } = this.broker;
    const { heldBytes } = this.#frames;
    memory.add(heldBytes - this.#reading);
    this.#reading = heldBytes;
    if (memory.isFull && heldBytes > CONGESTED_BYTES) {
      throw fault(Reason.quotaExceeded, 'The broker holds as much as it may');
    }
  }

  #failed(error: unknown): void {
    const { logger } = this.broker;
    if (error instanceof ProtocolFault) {
      logger.warn({ ...this.#who, reasonCode: error.reasonCode }, error.message);
      this.close(error.reasonCode, error.message);
    } else {
      logger.error({ ...this.#who, error }, 'a packet could not be handled');
      this.close(Reason.implementationError, 'The broker failed to handle a packet');
    }
  }

  #drained(): void {
    if (!this.#open) return;
    this.session?.pump();
    if (this.#stream.isPaused()) this.#stream.resume();
  }

  #leave(reasonCode: number | undefined): void {
    clearTimeout(this.#timer);
    if (!this.#open) return;
    this.#open = false;
    this.broker.waiting.delete(this);
    this.broker.memory.add(-this.#reading);
    this.#reading = 0;
    this.broker.connections.delete(this);
    const { session } = this;
    if (session === undefined) return;
    this.broker.logger.info({ ...this.#who, reasonCode }, 'client disconnected');
    this.broker.traffic.emit({ type: 'disconnected', clientId: session.clientId, reasonCode });
    session.connection = undefined;
    this.broker.sessions.leave(session);
  }

  /** One clock at a time: first for CONNECT, then for the next packet, last for the peer to close. 0 is for ever. */
  #limitTime(ms: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = ms === 0 ? undefined : setTimeout(run, ms).unref();
  }

  get #who(): { readonly clientId: string; readonly remoteAddress: string } {
    return { clientId: this.settings.clientId, remoteAddress: this.peer.remoteAddress };
  }
}
