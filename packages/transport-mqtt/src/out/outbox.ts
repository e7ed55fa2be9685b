import type { TransportError, WireMessage } from '@intersect-sdk/core';
import { TransientMap } from '@intersect-sdk/core/internal';
import type { LinkPublishOptions, PublishOutcome } from '@intersect-sdk/transport';
import { Fifo } from '@intersect-sdk/transport/internal';
import { publishEndsConnection, publishRefused } from '../errors/errors.js';
import type { ConnectionKillers } from '../quirks/connection-killers.js';
import type { MqttConnection } from '../session/connection.js';
import { EXPIRY_BYTES } from './encode.js';
import { unsendableReason } from './packet-limits.js';

interface Publish {
  readonly message: WireMessage;
  /** As it was given first. */
  readonly original: WireMessage;
  readonly durable: boolean;
  readonly expiresAfterMs: number | undefined;
  resolve(outcome: PublishOutcome): void;
  reject(error: unknown): void;
}

const ROUTED: PublishOutcome = { routed: 'yes' };
const NOT_ROUTED: PublishOutcome = { routed: 'no' };
const UNKNOWN: PublishOutcome = { routed: 'unknown' };
const NO_MATCHING_SUBSCRIBERS = 0x10;
const FIRST_ERROR = 0x80;
/** Bytes that may wait for the network before publishes wait here, so that a stalled one doesn't fill the memory. */
const UNWRITTEN_LIMIT = 1024 * 1024;

/** The publishes of one connection: they go out in the order of the calls, no more unconfirmed than allowed. */
export class Outbox {
  readonly #connection: MqttConnection;
  readonly #limit: number;
  readonly #waiting = new Fifo<Publish>();
  readonly #inFlight = new TransientMap<number, Publish>();
  readonly #suspects: ConnectionKillers;
  /** A message that must be the only one in flight has been sent, and is not confirmed yet. */
  #alone = false;
  #stalled = false;
  #retrial: ReturnType<typeof setTimeout> | undefined;
  #ended: TransportError | undefined;

  constructor(connection: MqttConnection, maxInFlight: number, suspects: ConnectionKillers) {
    this.#connection = connection;
    this.#suspects = suspects;
    this.#limit = Math.min(maxInFlight, connection.limits.receiveMaximum);
  }

  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome> {
    const { durable, expiresAfterMs, original = message } = options;
    const { limits } = this.#connection;
    const room = limits.maximumPacketSize - (expiresAfterMs === undefined ? 0 : EXPIRY_BYTES);
    const problem = this.#ended ?? unsendableReason(message, room);
    if (problem) return Promise.reject(problem);
    if (this.#suspects.isProved(original)) {
      this.#suspects.clear(original);
      return Promise.reject(publishEndsConnection(message.channel));
    }
    return new Promise((resolve, reject) => {
      const certain = durable && limits.maximumQos > 0;
      const publish: Publish = { message, original, durable: certain, expiresAfterMs, resolve, reject };
      if (this.#waiting.size > 0 || !this.#mayGo(publish)) this.#waiting.push(publish);
      else this.#send(publish);
    });
  }

  confirmed(messageId: number, reasonCode: number): void {
    const publish = this.#inFlight.get(messageId);
    if (!publish) return;
    this.#inFlight.delete(messageId);
    this.#alone = false;
    this.#suspects.clear(publish.original);
    this.#connection.packetIds.deallocate(messageId);
    if (reasonCode === NO_MATCHING_SUBSCRIBERS) publish.resolve(NOT_ROUTED);
    else if (reasonCode < FIRST_ERROR) publish.resolve(ROUTED);
    else publish.reject(publishRefused(publish.message.channel, reasonCode));
    if (this.#waiting.size > 0) this.#sendWaiting();
  }

  /** The other side ended the connection and said nothing; perhaps over something that is on its way. */
  endedSilently(): void {
    this.#suspects.accuse(this.#inFlight.values().map(({ original }) => original));
  }

  /** Settles everything: what was not confirmed by now never will be. */
  end(error: TransportError): void {
    this.#ended = error;
    clearTimeout(this.#retrial);
    for (const publish of this.#inFlight.takeAll()) publish.reject(error);
    for (const publish of this.#waiting.takeAll()) publish.reject(error);
  }

  #mayGo(publish: Publish): boolean {
    if (this.#alone || (this.#inFlight.size > 0 && this.#suspects.has(publish.original))) return false;
    if (this.#retrial || this.#isTooSoon(publish)) return false;
    if (this.#stalled || (publish.durable && this.#inFlight.size >= this.#limit)) return false;
    if (this.#connection.unwritten < UNWRITTEN_LIMIT) return true;
    this.#stalled = true;
    this.#connection.onceWritten(() => {
      this.#stalled = false;
      this.#sendWaiting();
    });
    return false;
  }

  /** A message that ended a connection when it was the only one in flight is sent again only once the link has stood for a while. */
  #isTooSoon({ original }: Publish): boolean {
    const waitMs = this.#suspects.dueInMs(original);
    if (waitMs <= 0) return false;
    this.#retrial = setTimeout(() => {
      this.#retrial = undefined;
      this.#sendWaiting();
    }, waitMs);
    return true;
  }

  #sendWaiting(): void {
    for (let next = this.#waiting.peek(); next && this.#mayGo(next); next = this.#waiting.peek()) {
      this.#waiting.shift();
      this.#send(next);
    }
  }

  #send(publish: Publish): void {
    const { message, original, durable, expiresAfterMs } = publish;
    if (durable) {
      const messageId = this.#connection.packetIds.allocate();
      this.#inFlight.set(messageId, publish);
      this.#alone = this.#suspects.has(original);
      this.#connection.publish(message, { packetId: messageId, expiresAfterMs });
    } else {
      this.#connection.publish(message, { packetId: 0, expiresAfterMs });
      publish.resolve(UNKNOWN);
    }
  }
}
