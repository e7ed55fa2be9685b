import type { Link } from './link.js';
import { type Message, messageBytes, ownBytes, type QoS, remainingSeconds } from './message.js';
import type { SubscriptionGroup } from './subscriptions.js';

/** A message for one session. */
export interface Delivery {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
  /** The shared subscription that it came by. */
  readonly group: SubscriptionGroup | undefined;
}

/** A message on its way to the client. */
export interface Outgoing extends Delivery {
  /** 0 until the message is sent for the first time. */
  packetId: number;
  /** QoS 2: the receiver has it, only PUBREL and PUBCOMP are open. */
  released: boolean;
  /** Sent on the present connection and not yet acknowledged. */
  outstanding: boolean;
}

export interface Will {
  readonly message: Message;
  readonly delaySeconds: number;
}

export interface SessionLimits {
  readonly queuedMessages: number;
  readonly queuedBytes: number;
}

/** Counted for each stored message on top of its bytes. */
const ENTRY_BYTES = 200;
const MAX_PACKET_ID = 0xffff;

/** What the broker knows of one client, whether it is connected or away, and the messages it has to get. */
export class Session {
  readonly clientId: string;
  /** The filters that it subscribes to. */
  readonly filters = new Set<string>();
  /** Packet identifiers of QoS 2 messages that came from the client and aren't released yet. */
  readonly received = new Set<number>();
  expirySeconds = 0;
  will: Will | undefined;
  /** Called when the queue is full and a message is refused, once until there is room again. */
  onFull: (() => void) | undefined;

  readonly #limits: SessionLimits;
  readonly #inflight = new Map<number, Outgoing>();
  /** Last first, so that the next one is taken from the end. */
  #resend: Outgoing[] = [];
  #queue: Outgoing[] = [];
  #queueHead = 0;
  #storedBytes = 0;
  #outstanding = 0;
  #lastPacketId = 0;
  #full = false;
  #link: Link | undefined;

  constructor(clientId: string, limits: SessionLimits) {
    this.clientId = clientId;
    this.#limits = limits;
  }

  /** The client's connection, while it has one. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Messages held for the client: waiting and unacknowledged ones. */
  get stored(): number {
    return this.#inflight.size + this.#queue.length - this.#queueHead;
  }

  /** From here on messages go to this link; what was unacknowledged is sent again first, in its order. */
  attach(link: Link): void {
    this.#link = link;
    this.#outstanding = 0;
    this.#resend = [...this.#inflight.values()].reverse();
    for (const entry of this.#resend) entry.outstanding = false;
    this.pump();
  }

  detach(): void {
    this.#link = undefined;
    this.#resend = [];
  }

  /** Sends the message or keeps it for later. QoS 0 for a client that is away is dropped. */
  deliver(delivery: Delivery): 'taken' | 'dropped' | 'full' {
    if (delivery.qos === 0 && this.#link === undefined) return 'dropped';
    if (this.stored >= this.#limits.queuedMessages || this.#storedBytes >= this.#limits.queuedBytes) {
      if (!this.#full) this.onFull?.();
      this.#full = true;
      return 'full';
    }
    this.#storedBytes += messageBytes(delivery.message) + ENTRY_BYTES;
    this.#queue.push({ ...delivery, packetId: 0, released: false, outstanding: false });
    this.pump();
    if (this.#queueHead < this.#queue.length) ownBytes(delivery.message);
    return 'taken';
  }

  /** The message that the client has to acknowledge under this identifier. */
  awaited(packetId: number): Outgoing | undefined {
    const entry = this.#inflight.get(packetId);
    return entry?.outstanding ? entry : undefined;
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
      const entry = this.#resend.at(-1) ?? this.#queue[this.#queueHead];
      if (entry === undefined || !this.#canSend(entry)) break;
      if (this.#resend.length > 0) this.#resend.pop();
      else this.#queueHead++;
      if (entry.packetId === 0 && remainingSeconds(entry.message) <= 0) this.#forget(entry);
      else this.#send(entry);
    }
    const waiting = this.#queue.length - this.#queueHead;
    if (waiting === 0 || this.#queueHead > 1000) {
      this.#queue = this.#queue.slice(this.#queueHead);
      this.#queueHead = 0;
    }
    if (waiting < this.#limits.queuedMessages / 2) this.#full = false;
  }

  /** Ends the session and hands back the messages of shared subscriptions that another member may take. */
  end(): Outgoing[] {
    const open = [...this.#inflight.values(), ...this.#queue.slice(this.#queueHead)];
    this.#inflight.clear();
    this.#queue = [];
    this.#queueHead = 0;
    return open.filter(({ group, packetId, qos }) => group !== undefined && (packetId === 0 || qos === 1));
  }

  #canSend({ qos, packetId }: Outgoing): boolean {
    const link = this.#link;
    if (link === undefined || link.congested) return false;
    const hasPacketId = packetId !== 0 || this.#inflight.size < MAX_PACKET_ID;
    return qos === 0 || (hasPacketId && this.#outstanding < link.receiveMaximum);
  }

  #send(entry: Outgoing): void {
    const isRepeat = entry.packetId !== 0;
    if (entry.qos > 0) {
      if (!isRepeat) entry.packetId = this.#nextPacketId();
      this.#inflight.set(entry.packetId, entry);
      entry.outstanding = true;
      this.#outstanding++;
    }
    if (entry.released) this.#link?.sendRelease(entry.packetId);
    else if (!this.#link?.sendPublish(entry, isRepeat) || entry.qos === 0) this.#forget(entry);
  }

  #forget(entry: Outgoing): void {
    this.#storedBytes -= messageBytes(entry.message) + ENTRY_BYTES;
    if (this.#inflight.delete(entry.packetId)) this.#outstanding--;
  }

  #nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId === MAX_PACKET_ID ? 1 : this.#lastPacketId + 1;
    } while (this.#inflight.has(this.#lastPacketId));
    return this.#lastPacketId;
  }
}
