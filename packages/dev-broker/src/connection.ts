import type { Duplex } from 'node:stream';
import type { BrokerState } from './broker-state.js';
import { encodePublish } from './encode-publish.js';
import { FrameReader } from './frames.js';
import { handleFrame } from './handlers.js';
import type { Link } from './link.js';
import { Outbox } from './outbox.js';
import { type Ack, encodeAck, encodePacket } from './packets.js';
import { fault, ProtocolFault, Reason } from './reason.js';
import type { Outgoing, Session } from './session.js';
import { IncomingAliases, OutgoingAliases } from './topic-aliases.js';

export interface Peer {
  readonly transport: 'tcp' | 'websocket';
  readonly remoteAddress: string;
}

/** What the client asked for in CONNECT; the default until then. */
const NOT_YET = {
  clientId: '',
  keepAliveSeconds: 0,
  receiveMaximum: 0xffff,
  maximumPacketBytes: Number.POSITIVE_INFINITY,
  topicAliasMaximum: 0,
  sessionExpirySeconds: 0,
};
export type ClientSettings = Readonly<typeof NOT_YET>;

/** Over this much unsent data new messages wait in the session. */
const CONGESTED_BYTES = 1024 * 1024;
/** How long the peer may take to close its side. */
const CLOSE_GRACE_MS = 1000;

/** One client on one socket: reads packets, writes packets, and ends with the reason code that fits. */
export class Connection implements Link {
  readonly peer: Peer;
  readonly connectedAt = new Date();
  settings: ClientSettings = NOT_YET;
  session: Session | undefined;
  incomingAliases: IncomingAliases;
  /** Resolves when the socket is gone. */
  readonly ended: Promise<void>;

  readonly #broker: BrokerState;
  readonly #stream: Duplex;
  readonly #outbox: Outbox;
  readonly #frames: FrameReader;
  #outgoingAliases = new OutgoingAliases(0);
  #open = true;
  #timer: NodeJS.Timeout | undefined;
  #lastHeard = 0;

  constructor(broker: BrokerState, stream: Duplex, peer: Peer) {
    this.peer = peer;
    this.#broker = broker;
    this.#stream = stream;
    this.#outbox = new Outbox(stream);
    this.#frames = new FrameReader(broker.limits.packetBytes);
    this.incomingAliases = new IncomingAliases(broker.limits.topicAliases);
    this.#timer = setTimeout(() => {
      broker.logger.warn(this.#who, 'no CONNECT in time');
      this.end();
    }, broker.limits.connectTimeoutMs).unref();
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('drain', () => this.#drained());
    stream.on('error', (error) =>
      broker.logger.debug({ ...this.#who, error: error.message }, 'socket failed'),
    );
    stream.on('end', () => stream.end());
    this.ended = new Promise((resolve) => {
      stream.on('close', () => {
        this.#leave(undefined);
        resolve();
      });
    });
  }

  get receiveMaximum(): number {
    return this.settings.receiveMaximum;
  }

  get congested(): boolean {
    return this.#outbox.backlogBytes > CONGESTED_BYTES;
  }

  /** The client is accepted: deliveries of its session go to this connection. */
  begin(session: Session, settings: ClientSettings): void {
    this.settings = settings;
    this.session = session;
    session.expirySeconds = settings.sessionExpirySeconds;
    this.#outgoingAliases = new OutgoingAliases(settings.topicAliasMaximum);
    clearTimeout(this.#timer);
    this.#watchKeepAlive(settings.keepAliveSeconds * 1500);
    this.#broker.connections.add(this);
    this.#broker.traffic.emit({ type: 'connected', clientId: settings.clientId, ...this.peer });
  }

  send(packet: Buffer): void {
    if (packet.length <= this.settings.maximumPacketBytes) this.#outbox.push(packet);
  }

  sendAck(ack: Ack): void {
    this.#outbox.push(encodeAck(ack));
  }

  sendRelease(packetId: number): void {
    this.sendAck({ name: 'pubrel', packetId, reasonCode: Reason.success });
  }

  sendPublish(entry: Outgoing, isRepeat: boolean): boolean {
    const { message, qos, retain } = entry;
    const { clientId, maximumPacketBytes } = this.settings;
    const alias = this.#outgoingAliases.for(message.topic);
    const parts = encodePublish(message, { ...entry, dup: isRepeat, alias });
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (bytes > maximumPacketBytes) {
      if (alias?.isNew) this.#outgoingAliases.forget(message.topic);
      this.#broker.logger.warn(
        { clientId, topic: message.topic, bytes },
        'message too large for its subscriber',
      );
      return false;
    }
    for (const part of parts) this.#outbox.push(part);
    this.#broker.traffic.message('delivered', clientId, { message, qos, retain, dup: isRepeat });
    return true;
  }

  /** Tells the client why, then ends the connection. Its will is published (section 3.1.2.5). */
  close(reasonCode: number, reason: string): void {
    if (!this.#open) return;
    if (this.session !== undefined) {
      const properties = { reasonString: reason };
      const full = encodePacket({ cmd: 'disconnect', reasonCode, properties });
      const fits = full.length <= this.settings.maximumPacketBytes;
      this.send(fits ? full : encodePacket({ cmd: 'disconnect', reasonCode }));
    }
    this.end(reasonCode);
  }

  /** Ends the connection without another word. */
  end(reasonCode?: number): void {
    if (!this.#open) return;
    this.#leave(reasonCode);
    this.#outbox.flush();
    this.#stream.end();
    // Reading on, unread, lets the last packet arrive: closing over unread data resets the connection.
    this.#stream.resume();
    this.#timer = setTimeout(() => this.#stream.destroy(), CLOSE_GRACE_MS).unref();
  }

  #read(chunk: Buffer): void {
    if (!this.#open) return;
    this.#lastHeard = Date.now();
    try {
      this.#frames.read(chunk, (frame, bodyStart) => {
        handleFrame(this.#broker, this, { bytes: frame, bodyStart });
        return this.#open;
      });
    } catch (error) {
      this.#failed(error);
    }
    // A client that sends and doesn't read would have its answers pile up here.
    if (this.#open && this.#outbox.backlogBytes > CONGESTED_BYTES + this.#broker.limits.packetBytes) {
      this.#stream.pause();
    }
  }

  #failed(error: unknown): void {
    if (error instanceof ProtocolFault) {
      this.#broker.logger.warn({ ...this.#who, reasonCode: error.reasonCode }, error.message);
      this.close(error.reasonCode, error.message);
    } else {
      this.#broker.logger.error({ ...this.#who, error }, 'a packet could not be handled');
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
    this.#broker.connections.delete(this);
    const { session } = this;
    if (session === undefined) return;
    this.#broker.logger.info({ ...this.#who, reasonCode }, 'client disconnected');
    this.#broker.traffic.emit({ type: 'disconnected', clientId: this.settings.clientId, reasonCode });
    session.detach();
    this.#broker.sessions.leave(session);
  }

  #watchKeepAlive(limitMs: number): void {
    if (limitMs === 0) return;
    this.#lastHeard = Date.now();
    const look = (): void => {
      const leftMs = this.#lastHeard + limitMs - Date.now();
      if (leftMs > 0) this.#timer = setTimeout(look, leftMs).unref();
      else this.#failed(fault(Reason.keepAliveTimeout, 'The client was silent for too long'));
    };
    this.#timer = setTimeout(look, limitMs).unref();
  }

  get #who(): { readonly clientId: string; readonly remoteAddress: string } {
    return { clientId: this.settings.clientId, remoteAddress: this.peer.remoteAddress };
  }
}
