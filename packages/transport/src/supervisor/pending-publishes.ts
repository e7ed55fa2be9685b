import { PublishError, TransportError, type WireMessage } from '@intersect-sdk/core';
import {
  abortedError,
  DeadlineTimer,
  onAbort,
  TransientMap,
  WorkCount,
  withTimeLeft,
} from '@intersect-sdk/core/internal';
import type { PublishOptions } from '../call-options.js';
import type { Link, PublishOutcome } from '../driver.js';
import { WHILE_BUSY, waitMs } from './backoff.js';
import { publishFailure } from './local-errors.js';

const PUBLISH_TIMEOUT_MS = 30_000;

/** A publish that is not settled yet. */
interface Pending {
  /** Its place in the order of the calls. */
  readonly number: number;
  message: WireMessage;
  readonly original: WireMessage;
  readonly options: PublishOptions;
  readonly durable: boolean;
  /** When it was sent last, what was left. */
  expiresAfterMs: number | undefined;
  readonly dueAtMs: number;
  /** It is of no use after that; undefined: it always is. */
  readonly goneAtMs: number | undefined;
  /** The link it was handed to last; undefined while it waits for one. */
  link: Link | undefined;
  /** Whether a broker may have it. */
  handedOver: boolean;
  /** What the broker said last that could not take it, and how often it did. */
  refusal: TransportError | undefined;
  refusals: number;
  /** Sends it again to a broker that could not take it. */
  retry: ReturnType<typeof setTimeout> | undefined;
  /** Takes back the listening to the caller's signal. */
  stopListening: (() => void) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Every publish that is not settled yet, in the order of the calls, bounded by count and bytes. A durable
 * one outlives its link: it is sent again on the next, with the same headers, so receivers can tell. One that the broker
 * can't take for now is sent again later, after others that came meanwhile.
 */
export class PendingPublishes {
  readonly #entries = new TransientMap<number, Pending>();
  readonly #limits: { readonly maxPendingMessages: number; readonly maxPendingBytes: number };
  readonly #deadlines = new DeadlineTimer<Pending>(
    () => this.#entries.values(),
    (entry) => this.#reject(entry, entry.refusal ? busyError(entry, entry.refusal) : timeoutError(entry)),
  );
  /** Where to send what was refused for a while. */
  #link: Link | undefined;
  #bytes = 0;
  #calls = 0;
  readonly #work = new WorkCount();

  constructor(limits: { readonly maxPendingMessages: number; readonly maxPendingBytes: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds a publish and, if there is a link, hands it over. Settles when the broker confirms or refuses it, or when its time is over. */
  add(message: WireMessage, options: PublishOptions, link: Link | undefined): Promise<void> {
    const bytes = message.payload.byteLength;
    const { maxPendingMessages, maxPendingBytes } = this.#limits;
    if (this.#entries.size >= maxPendingMessages || this.#bytes + bytes > maxPendingBytes) {
      return Promise.reject(
        new TransportError(
          'PENDING_FULL',
          [
            `${this.#entries.size} messages already wait to be accepted by the broker`,
            `(limit ${maxPendingMessages} messages, ${maxPendingBytes} bytes).`,
            'Publish more slowly, or raise maxPendingMessages or maxPendingBytes.',
          ].join(' '),
        ),
      );
    }
    const { expiresAfterMs } = options;
    const nowMs = performance.now();
    return new Promise<void>((resolve, reject) => {
      const entry: Pending = {
        number: ++this.#calls,
        message,
        original: message,
        options,
        durable: options.durable ?? true,
        expiresAfterMs,
        dueAtMs: nowMs + timeoutOf(options),
        goneAtMs: expiresAfterMs === undefined ? undefined : nowMs + expiresAfterMs,
        link: undefined,
        handedOver: false,
        refusal: undefined,
        refusals: 0,
        retry: undefined,
        stopListening: undefined,
        resolve,
        reject,
      };
      const { signal } = options;
      if (signal) {
        const aborted = () => this.#reject(entry, abortedError(`Publishing to ${message.channel}`, signal));
        entry.stopListening = onAbort(signal, aborted);
      }
      this.#entries.set(entry.number, entry);
      this.#work.enter();
      this.#bytes += bytes;
      this.#deadlines.watch(entry);
      if (link) this.#send(entry, link);
    });
  }

  /** Hands everything that waits to a new link, in the order of the calls. */
  flush(link: Link): void {
    this.#link = link;
    this.dropUnwanted();
    for (const entry of this.#entries.values()) this.#sendLate(entry, link);
  }

  /** Gives up what its caller no longer wants. */
  dropUnwanted(): void {
    for (const entry of this.#entries.values()) this.#dropUnwanted(entry);
  }

  /** The link was lost: what must not be sent twice is rejected, the rest waits for the next link. */
  linkLost(error: TransportError): void {
    this.#link = undefined;
    for (const entry of this.#entries.values()) {
      if (entry.link && !entry.durable) this.#reject(entry, error);
      else entry.link = undefined;
    }
  }

  /** Ends each; no other comes after them. */
  rejectAll(error: Error): void {
    for (const entry of this.#entries.values()) this.#reject(entry, error);
    this.#deadlines.stop();
  }

  /** Resolves when nothing is pending. */
  empty(): Promise<void> {
    return this.#work.idle();
  }

  #dropUnwanted(entry: Pending): void {
    try {
      if (entry.options.stillWanted?.() === false) this.#reject(entry, noLongerWanted(entry));
    } catch (error) {
      this.#thrown(entry, error);
    }
  }

  /** Not at once, or not for the first time: its time has gone on. */
  #sendLate(entry: Pending, link: Link): void {
    const { goneAtMs, options, message } = entry;
    if (goneAtMs !== undefined) {
      const leftMs = Math.max(1, goneAtMs - performance.now());
      entry.expiresAfterMs = leftMs;
      const { timeLeftHeader } = options;
      if (timeLeftHeader !== undefined) entry.message = withTimeLeft(message, timeLeftHeader, leftMs);
    }
    this.#send(entry, link);
  }

  #send(entry: Pending, link: Link): void {
    if (entry.retry !== undefined) clearTimeout(entry.retry);
    entry.link = link;
    try {
      if (!entry.handedOver) {
        entry.handedOver = true;
        entry.options.onHandedOver?.();
      }
      link.publish(entry.message, entry).then(
        (outcome) => this.#settle(entry, outcome),
        (error: unknown) => this.#failed(entry, link, error),
      );
    } catch (error) {
      this.#thrown(entry, error);
    }
  }

  /** What is thrown on the way of one message ends that message, and nothing else. */
  #thrown(entry: Pending, error: unknown): void {
    this.#reject(entry, publishFailure(error, entry.message.channel));
  }

  #failed(entry: Pending, link: Link, thrown: unknown): void {
    // After the loss of its link the entry belongs to the next one.
    if (entry.link !== link) return;
    const error = publishFailure(thrown, entry.message.channel);
    if (error.code === 'CONNECTION_LOST' && entry.durable) entry.link = undefined;
    else if (error.code === 'BROKER_BUSY' && entry.options.whenBusy !== 'reject')
      this.#sendLater(entry, error);
    else this.#reject(entry, error);
  }

  #sendLater(entry: Pending, refusal: TransportError): void {
    if (this.#entries.get(entry.number) !== entry) return;
    entry.link = undefined;
    entry.refusal = refusal;
    entry.refusals++;
    entry.retry = setTimeout(
      () => {
        this.#dropUnwanted(entry);
        // Without a link it waits for the next one.
        if (this.#link && this.#entries.get(entry.number)) this.#sendLate(entry, this.#link);
      },
      waitMs(entry.refusals, WHILE_BUSY),
    );
    try {
      entry.options.onBusy?.(refusal, entry.refusals + 1);
    } catch (error) {
      this.#thrown(entry, error);
    }
  }

  #settle(entry: Pending, { routed }: PublishOutcome): void {
    if (entry.options.mustRoute && routed === 'no') this.#reject(entry, unroutable(entry));
    else if (this.#remove(entry)) entry.resolve();
  }

  #reject(entry: Pending, error: unknown): void {
    if (this.#remove(entry)) entry.reject(error);
  }

  /** Returns whether the entry was still pending, so that each is settled once. */
  #remove(entry: Pending): boolean {
    if (!this.#entries.delete(entry.number)) return false;
    if (entry.retry !== undefined) clearTimeout(entry.retry);
    entry.stopListening?.();
    this.#bytes -= entry.message.payload.byteLength;
    if (this.#entries.size === 0) this.#deadlines.rest();
    this.#work.leave();
    return true;
  }
}

function timeoutOf({ timeoutMs = PUBLISH_TIMEOUT_MS }: PublishOptions): number {
  return timeoutMs;
}

function unroutable({ message }: Pending): PublishError {
  return new PublishError(
    'UNROUTABLE',
    `No one receives messages on ${message.channel}. Is the service running, on this broker, and is its name spelled right?`,
  );
}

function noLongerWanted({ message }: Pending): TransportError {
  return new TransportError('ABORTED', `The message to ${message.channel} is no longer wanted.`);
}

function timeoutError({ message, options, link, handedOver }: Pending): PublishError {
  const why = link ? 'the broker did not confirm it' : 'there was no connection to the broker';
  return new PublishError(
    'PUBLISH_TIMEOUT',
    [
      `The message to ${message.channel} was not accepted within ${timeoutOf(options)} ms:`,
      `${why}.${handedOver ? ' It may still be delivered.' : ''}`,
    ].join(' '),
    { mayHaveRun: handedOver },
  );
}

/** Sent again and again, for all of its time. */
function busyError({ options, refusals }: Pending, refusal: TransportError): TransportError {
  const tries = `It was tried ${refusals === 1 ? 'once' : `${refusals} times`} within ${timeoutOf(options)} ms.`;
  return new TransportError('BROKER_BUSY', `${refusal.message} ${tries}`, { cause: refusal });
}
