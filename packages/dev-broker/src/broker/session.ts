import type { Logger } from '@intersect-sdk/core';
import type { ResolvedDevBrokerLimits } from '../options.js';
import { type Message, ownBytes, type QoS, remainingSeconds, storedBytes } from '../packets/message.js';
import type { AckName } from '../packets/packets.js';
import { Reason } from '../packets/reason.js';
import type { Memory } from './memory.js';
import type { DevBrokerConnection } from './traffic.js';

/** What a session knows of its broker. */
export interface SessionHost {
  readonly limits: ResolvedDevBrokerLimits;
  readonly logger: Logger;
  readonly memory: Memory;
}

/** What a session and its broker know of the client's connection. */
export interface ClientConnection {
  readonly settings: { readonly clientId: string; readonly receiveMaximum: number };
  readonly peer: Pick<DevBrokerConnection, 'transport' | 'remoteAddress'>;
  /** True while messages had better wait in the session. */
  readonly congested: boolean;
  /** Answers false when the client doesn't take the message; it counts as delivered. */
  sendPublish(entry: Outgoing, dup: boolean): boolean;
  sendAck(name: AckName, packetId: number, reasonCode: number): void;
  /** Tells the client why, then ends the connection. */
  close(reasonCode: number, reasonString: string): void;
}

/** A shared subscription, whose members take turns. */
export interface SharedSubscription {
  next(): { readonly session: Session; readonly qos: QoS; readonly ids: readonly number[] } | undefined;
  isServedBeside(session: Session): boolean;
}

/** A message for one session. */
export interface Delivery {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
  /** The shared subscription that it came by. */
  readonly group: SharedSubscription | undefined;
}

/** A message on its way to the client. */
export interface Outgoing extends Delivery {
  /** 0 until the message is sent for the first time. */
  packetId: number;
  /** QoS 2: the receiver has it, only PUBREL and PUBCOMP are open. */
  released: boolean;
}

export interface Will {
  readonly message: Message;
  readonly delaySeconds: number;
}

const MAX_PACKET_ID = 0xffff;

/** What the broker knows of one client, whether it is connected or away, and the messages it has to get. */
export class Session {
  readonly clientId: string;
  /** The filters that it subscribes to. */
  readonly filters = new Set<string>();
  /** Packet identifiers of QoS 2 messages that came from the client and aren't released yet. */
  readonly received = new Set<number>();
  /** What runs out while the client is away. */
  readonly timers: NodeJS.Timeout[] = [];
  expirySeconds = 0;
  /** The client's connection, while it has one. */
  connection: ClientConnection | undefined;

  readonly #broker: SessionHost;
  /** What was sent and not yet acknowledged, on this connection or an earlier one. */
  readonly #inflight = new Map<number, Outgoing>();
  /** Those of them that this connection has sent. */
  readonly #outstanding = new Set<Outgoing>();
  /** What is still to be sent, from the head on. */
  #queue: Outgoing[] = [];
  #head = 0;
  #stored = 0;
  #storedBytes = 0;
  #lastPacketId = 0;
  #full = false;
  #will: Will | undefined;

  constructor(clientId: string, broker: SessionHost) {
    this.clientId = clientId;
    this.#broker = broker;
  }

  get will(): Will | undefined {
    return this.#will;
  }

  set will(will: Will | undefined) {
    this.#broker.memory.add(
      (will ? storedBytes(will.message) : 0) - (this.#will ? storedBytes(this.#will.message) : 0),
    );
    this.#will = will;
  }

  /** From here on messages go to this connection; what was unacknowledged is sent again first, in its order. */
  attach(connection: ClientConnection): void {
    this.connection = connection;
    this.#outstanding.clear();
    this.#queue = this.unsettled();
    this.#head = 0;
    this.pump();
  }

  /** Sends the message or keeps it for later. QoS 0 for a client that is away is dropped. */
  deliver(delivery: Delivery): 'taken' | 'dropped' | 'full' {
    if (delivery.qos === 0 && this.connection === undefined) return 'dropped';
    const { limits, logger, memory } = this.#broker;
    const bytes = storedBytes(delivery.message);
    const isFull = this.#stored >= limits.queuedMessages || this.#storedBytes >= limits.queuedBytes;
    if (isFull || !memory.take(bytes)) {
      const { clientId } = this;
      if (!this.#full) logger.warn({ clientId, stored: this.#stored }, 'queue full, messages are dropped');
      this.#full = true;
      return 'full';
    }
    const entry = { ...delivery, packetId: 0, released: false };
    this.#stored++;
    this.#storedBytes += bytes;
    this.#queue.push(entry);
    this.pump();
    if (this.#head < this.#queue.length) ownBytes(delivery.message);
    return 'taken';
  }

  /** The message that the client has to acknowledge under this identifier. */
  awaited(packetId: number): Outgoing | undefined {
    const entry = this.#inflight.get(packetId);
    return entry !== undefined && this.#outstanding.has(entry) ? entry : undefined;
  }

  /** The exchange is over: PUBACK, PUBCOMP, or PUBREC with an error. */
  settle(packetId: number): void {
    const entry = this.awaited(packetId);
    if (entry === undefined) return;
    this.#forget(entry);
    this.pump();
  }

  /** Sends what may be sent now: as far as the client's receive maximum and its socket allow. */
  pump(): void {
    for (;;) {
      const entry = this.#queue[this.#head];
      if (entry === undefined || !this.#canSend(entry)) break;
      this.#head++;
      if (entry.packetId === 0 && remainingSeconds(entry.message) <= 0) this.#forget(entry);
      else this.#send(entry);
    }
    if (this.#head === this.#queue.length || this.#head > 1000) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (this.#queue.length - this.#head < this.#broker.limits.queuedMessages / 2) this.#full = false;
  }

  /** The session is over: what it held is given back. */
  end(): void {
    this.will = undefined;
    this.#broker.memory.add(-this.#storedBytes);
    this.#stored = 0;
    this.#storedBytes = 0;
    this.#inflight.clear();
    this.#outstanding.clear();
    this.#queue = [];
    this.#head = 0;
  }

  /** How many messages it holds, those sent and not yet acknowledged included. */
  get stored(): number {
    return this.#stored;
  }

  /** Gives up the messages of shared subscriptions that another member can have now. What its client may have at QoS 2 stays. */
  giveUpShared(): Outgoing[] {
    const given = this.unsettled().filter(
      ({ group, qos, packetId }) => group?.isServedBeside(this) && !(qos === 2 && packetId !== 0),
    );
    const gone = new Set(given);
    for (const entry of given) this.#forget(entry);
    this.#queue = this.#queue.slice(this.#head).filter((entry) => !gone.has(entry));
    this.#head = 0;
    return given;
  }

  /** Unacknowledged and waiting messages; one that was to be sent again is both. */
  unsettled(): Outgoing[] {
    return [...new Set([...this.#inflight.values(), ...this.#queue.slice(this.#head)])];
  }

  #canSend({ qos, packetId }: Outgoing): boolean {
    const connection = this.connection;
    if (connection === undefined || connection.congested) return false;
    const hasPacketId = packetId !== 0 || this.#inflight.size < MAX_PACKET_ID;
    return qos === 0 || (hasPacketId && this.#outstanding.size < connection.settings.receiveMaximum);
  }

  #send(entry: Outgoing): void {
    const isRepeat = entry.packetId !== 0;
    if (entry.qos > 0) {
      if (!isRepeat) entry.packetId = this.#nextPacketId();
      this.#inflight.set(entry.packetId, entry);
      this.#outstanding.add(entry);
    }
    if (entry.released) this.connection?.sendAck('pubrel', entry.packetId, Reason.success);
    else if (!this.connection?.sendPublish(entry, isRepeat) || entry.qos === 0) this.#forget(entry);
  }

  #forget(entry: Outgoing): void {
    const bytes = storedBytes(entry.message);
    this.#stored--;
    this.#storedBytes -= bytes;
    this.#broker.memory.add(-bytes);
    this.#inflight.delete(entry.packetId);
    this.#outstanding.delete(entry);
  }

  #nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId === MAX_PACKET_ID ? 1 : this.#lastPacketId + 1;
    } while (this.#inflight.has(this.#lastPacketId));
    return this.#lastPacketId;
  }
}
