import { isIntersectError, type WireMessage } from '@intersect-sdk/core';
import type { BrokerGroup, GroupDelivery } from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import { abortable } from './abortable.js';
import { identityOf } from './replies.js';
import type { ReportListener } from './report.js';
import type { Reply, RequestProcessor } from './request-processor.js';

export interface RequestServerOptions {
  readonly brokers: BrokerGroup;
  readonly processor: RequestProcessor;
  readonly report: ReportListener;
}

/** How long one try to send an answer may take; then another broker is tried, or the same again. */
const SEND_TIMEOUT_MS = 30_000;
const RETRY_AFTER_MS = 200;

/**
 * Takes requests from the brokers and sends the answers. A delivery ends when a broker accepted the
 * answer and not before, so a request whose answer is not out comes back after a crash.
 */
export class RequestServer {
  readonly #options: RequestServerOptions;
  /** Answers on their way, so that a request that came twice meanwhile is answered once. */
  readonly #sending = new WeakMap<WireMessage, Promise<void>>();
  readonly #deliveries = new Set<Promise<void>>();
  readonly #ended = abortable();

  constructor(options: RequestServerOptions) {
    this.#options = options;
  }

  /** Resolves when the request is answered or dropped. */
  handle(message: WireMessage, { broker }: GroupDelivery): Promise<void> {
    const delivery = this.#handle(message, broker).finally(() => this.#deliveries.delete(delivery));
    this.#deliveries.add(delivery);
    return delivery;
  }

  /** Resolves when every request that was taken is answered. */
  async idle(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.allSettled(this.#deliveries);
  }

  /** No answer is tried again any more. */
  end(): void {
    this.#ended.abort();
  }

  async #handle(message: WireMessage, broker: Transport): Promise<void> {
    const outcome = await this.#options.processor.process(message);
    if (outcome.kind === 'dropped') return;
    let sending = this.#sending.get(outcome.message);
    if (!sending) {
      sending = this.#send(outcome, broker).finally(() => this.#sending.delete(outcome.message));
      this.#sending.set(outcome.message, sending);
    }
    await sending;
  }

  async #send(reply: Reply, broker: Transport): Promise<void> {
    for (let current = reply; ; ) {
      try {
        return await this.#publish(current.message, broker);
      } catch (error) {
        const known = isIntersectError(error) ? error : undefined;
        if (known?.code === 'PAYLOAD_TOO_LARGE' && current === reply) {
          current = this.#options.processor.tooLarge(reply, error);
          continue;
        }
        // An asker that is gone will not be back under the same address.
        const gone = known?.code === 'UNROUTABLE';
        if (gone || !known?.retryable || this.#ended.signal.aborted) {
          this.#options.report({ kind: 'answer-not-sent', ...identityOf(reply.request), error });
          return;
        }
        await this.#pause();
      }
    }
  }

  /** Where the request came from, if that broker is there; else wherever there is one. */
  #publish(message: WireMessage, origin: Transport): Promise<void> {
    const options = {
      durable: true,
      mustRoute: true,
      timeoutMs: SEND_TIMEOUT_MS,
      signal: this.#ended.signal,
    };
    if (origin.state.kind === 'open') return origin.publish(message, options);
    return this.#options.brokers.publishToOne(message, options);
  }

  #pause(): Promise<void> {
    const { signal } = this.#ended;
    return new Promise((resolve) => {
      const timer = setTimeout(done, RETRY_AFTER_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }
}
