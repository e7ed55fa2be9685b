import { onAbort, PublishError, TransportError, type WireMessage } from '@intersect-sdk/core';
import type { PublishOptions } from './contract.js';
import type { Link, PublishOutcome } from './driver.js';
import { abortedError } from './waiting.js';

const PUBLISH_TIMEOUT_MS = 30_000;

interface Pending {
  readonly message: WireMessage;
  readonly durable: boolean;
  readonly mustRoute: boolean;
  /** The link it was handed to last; undefined while it waits for one. */
  link: Link | undefined;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Every publish that is not settled yet, in the order of the calls, bounded by count and bytes. A durable
 * one outlives its link: it is sent again on the next, with the same headers, so receivers can tell.
 */
export class PendingPublishes {
  readonly #entries = new Set<Pending>();
  readonly #limits: { readonly maxPendingMessages: number; readonly maxPendingBytes: number };
  #bytes = 0;
  #onEmpty: (() => void)[] = [];

  constructor(limits: { readonly maxPendingMessages: number; readonly maxPendingBytes: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds a publish and, if there is a link, hands it over. Settles with the broker's word or at the end of its time. */
  add(message: WireMessage, options: PublishOptions, link: Link | undefined): Promise<void> {
    const bytes = message.payload.byteLength;
    const { maxPendingMessages, maxPendingBytes } = this.#limits;
    if (this.#entries.size >= maxPendingMessages || this.#bytes + bytes > maxPendingBytes) {
      return Promise.reject(
        new TransportError(
          'PENDING_FULL',
          `${this.#entries.size} messages already wait to be accepted by the broker (limit ${maxPendingMessages} messages, ${maxPendingBytes} bytes). Publish more slowly, or raise maxPendingMessages or maxPendingBytes.`,
        ),
      );
    }
    const { signal, timeoutMs = PUBLISH_TIMEOUT_MS } = options;
    return new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#entries.delete(entry);
        this.#bytes -= bytes;
        if (this.#entries.size === 0) for (const told of this.#onEmpty.splice(0)) told();
      };
      const entry: Pending = {
        message,
        durable: options.durable ?? true,
        mustRoute: options.mustRoute ?? false,
        link: undefined,
        resolve: () => {
          end();
          resolve();
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      const timer = setTimeout(() => entry.reject(timeoutError(entry, timeoutMs)), timeoutMs);
      const stopWaiting = onAbort(signal, () =>
        entry.reject(abortedError(`Publishing to ${message.channel}`, signal as AbortSignal)),
      );
      this.#entries.add(entry);
      this.#bytes += bytes;
      if (link) this.#send(entry, link);
    });
  }

  /** Hands everything that waits to a new link, in the order of the calls. */
  flush(link: Link): void {
    for (const entry of [...this.#entries]) this.#send(entry, link);
  }

  /** The link died: what may not be sent twice is rejected, the rest waits for the next link. */
  linkLost(error: TransportError): void {
    for (const entry of [...this.#entries]) {
      if (entry.link && !entry.durable) entry.reject(error);
      else entry.link = undefined;
    }
  }

  rejectAll(error: Error): void {
    for (const entry of [...this.#entries]) entry.reject(error);
  }

  /** Resolves when nothing is pending. */
  empty(): Promise<void> {
    if (this.#entries.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  #send(entry: Pending, link: Link): void {
    entry.link = link;
    link.publish(entry.message, entry).then(
      (outcome) => {
        if (this.#entries.has(entry)) settle(entry, outcome);
      },
      (error: unknown) => {
        // After the loss of its link the entry belongs to the next one, or is settled already.
        if (entry.link !== link || !this.#entries.has(entry)) return;
        const lost = error instanceof TransportError && error.code === 'CONNECTION_LOST';
        if (lost && entry.durable) entry.link = undefined;
        else entry.reject(error);
      },
    );
  }
}

function settle(entry: Pending, outcome: PublishOutcome): void {
  if (entry.mustRoute && outcome.routed === 'no') {
    entry.reject(
      new PublishError(
        'UNROUTABLE',
        `No one receives messages on ${entry.message.channel}. Is the service running, on this broker, and is its name spelled right?`,
      ),
    );
  } else entry.resolve();
}

function timeoutError(entry: Pending, timeoutMs: number): PublishError {
  const why = entry.link ? 'the broker did not confirm it' : 'there was no connection to the broker';
  return new PublishError(
    'PUBLISH_TIMEOUT',
    `The message to ${entry.message.channel} was not accepted within ${timeoutMs} ms: ${why}. It may still be delivered.`,
  );
}
