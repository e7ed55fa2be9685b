import type { Link } from './link.js';
import type { Message, QoS } from './message.js';
import type { ReceivedPublish } from './publish-decoder.js';
import type { SharedGroup, Subscription } from './subscriptions.js';

/** One message on its way to one session. */
export interface Outgoing {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly ids: readonly number[];
  readonly group: SharedGroup | undefined;
  /** 0 until the message is sent for the first time. */
  packetId: number;
  /** QoS 2: the receiver has it, only PUBREL and PUBCOMP are open. */
  released: boolean;
  /** Sent on the present connection and not yet acknowledged. */
  outstanding: boolean;
}

export interface Will {
  readonly received: ReceivedPublish;
  readonly delaySeconds: number;
}

export interface SessionLimits {
  readonly queuedMessages: number;
  readonly queuedBytes: number;
}

/** Counted for each stored message on top of its bytes. */
const ENTRY_BYTES = 200;
const MAX_PACKET_ID = 0xffff;

/**
 * What the broker knows of one client, whether it is connected or away: subscriptions, messages waiting for
 * it, and where each QoS 1 and QoS 2 exchange stands.
 */
export class Session {
  readonly clientId: string;
  readonly subscriptions = new Map<string, Subscription>();
  /** Packet identifiers of QoS 2 messages that came from the client and aren't released yet. */
  readonly received = new Set<number>();
  expirySeconds = 0;
  will: Will | undefined;
  /** Called once when a first message is refused because the queue is full, until there is room again. */
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

  get connected(): boolean {
    return this.#link !== undefined;
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** Messages held for the client: waiting and unacknowledged ones. */
  get stored(): number {
    return this.#inflight.size + this.#queue.length - this.#queueHead;
  }

  /** From here on deliveries go to this link; what was unacknowledged is sent again first, in its order. */
  attach(link: Link): void {
    this.#link = link;
    this.#outstanding = 0;
    this.#resend = [...this.#inflight.values()].reverse();
    for (const entry of this.#resend) entry.outstanding = false;
  }

  detach(): void {
    this.#link = undefined;
    this.#resend = [];
  }

  /** Sends the message, keeps it for later, or answers false: QoS 0 to a client that is away, or no room. */
  deliver(
    message: Message,
    options: Pick<Outgoing, 'qos' | 'retain' | 'ids' | 'group'>,
  ): 'taken' | 'dropped' | 'full' {
    if (options.qos === 0 && this.#link === undefined) return 'dropped';
    if (this.stored >= this.#limits.queuedMessages || this.#storedBytes >= this.#limits.queuedBytes) {
      if (!this.#full) this.onFull?.();
      this.#full = true;
      return 'full';
    }
    const { qos, retain, ids, group } = options;
    const entry: Outgoing = {
      message,
      qos,
      retain,
      ids,
      group,
      packetId: 0,
      released: false,
      outstanding: false,
    };
    if (this.#canSend(qos) && this.#waiting === 0 && this.#resend.length === 0) {
      this.#send(entry);
      return 'taken';
    }
    message.own();
    this.#queue.push(entry);
    this.#storedBytes += message.bytes + ENTRY_BYTES;
    return 'taken';
  }

  /** PUBACK, or PUBREC with an error, or PUBCOMP: the exchange is over. */
  settle(packetId: number): void {
    const entry = this.awaited(packetId);
    if (entry === undefined) return;
    this.#forget(entry);
    this.pump();
  }

  /** The message that the client has to acknowledge under this identifier. */
  awaited(packetId: number): Outgoing | undefined {
    const entry = this.#inflight.get(packetId);
    return entry?.outstanding ? entry : undefined;
  }

  /** Sends what may be sent now: as far as the client's receive maximum and its socket allow. */
  pump(): void {
    while (this.#resend.length > 0 && this.#canSend(1)) {
      const entry = this.#resend.pop();
      if (entry !== undefined) this.#send(entry);
    }
    const now = Date.now();
    for (;;) {
      const entry = this.#queue[this.#queueHead];
      if (entry === undefined || !this.#canSend(entry.qos)) break;
      this.#queueHead++;
      this.#storedBytes -= entry.message.bytes + ENTRY_BYTES;
      if (!entry.message.isExpired(now)) this.#send(entry);
    }
    if (this.#queueHead > 1000 || this.#waiting === 0) {
      this.#queue = this.#queue.slice(this.#queueHead);
      this.#queueHead = 0;
    }
    if (this.#waiting < this.#limits.queuedMessages / 2) this.#full = false;
  }

  /** Ends the session and hands back the messages of shared subscriptions that another member may take. */
  end(): Outgoing[] {
    const open = [...this.#inflight.values(), ...this.#queue.slice(this.#queueHead)];
    this.#inflight.clear();
    this.#queue = [];
    this.#queueHead = 0;
    this.#storedBytes = 0;
    return open.filter((entry) => entry.group !== undefined && (entry.packetId === 0 || entry.qos === 1));
  }

  get #waiting(): number {
    return this.#queue.length - this.#queueHead;
  }

  #canSend(qos: QoS): boolean {
    const link = this.#link;
    if (link === undefined || link.congested) return false;
    return qos === 0 || (this.#outstanding < link.receiveMaximum && this.#inflight.size < MAX_PACKET_ID);
  }

  #send(entry: Outgoing): void {
    const link = this.#link;
    if (link === undefined) return;
    const isRepeat = entry.packetId !== 0;
    if (entry.qos > 0 && !isRepeat) {
      entry.packetId = this.#nextPacketId();
      this.#inflight.set(entry.packetId, entry);
      this.#storedBytes += entry.message.bytes + ENTRY_BYTES;
    }
    if (entry.qos > 0) {
      entry.outstanding = true;
      this.#outstanding++;
    }
    if (entry.released) link.sendRelease(entry.packetId);
    else if (!link.sendPublish(entry, isRepeat)) this.#forget(entry);
  }

  #forget(entry: Outgoing): void {
    if (!this.#inflight.delete(entry.packetId)) return;
    this.#storedBytes -= entry.message.bytes + ENTRY_BYTES;
    this.#outstanding--;
  }

  #nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId === MAX_PACKET_ID ? 1 : this.#lastPacketId + 1;
    } while (this.#inflight.has(this.#lastPacketId));
    return this.#lastPacketId;
  }
}
