import { isIntersectError, type WireMessage } from '@intersect-sdk/core';
import { delay, WorkCount } from '@intersect-sdk/core/internal';
import type { BrokerGroup, GroupDelivery } from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import type { ReportListener } from '../report.js';
import { abortable } from './abortable.js';
import { identityOf } from './replies.js';
import type { Outcome, Reply, RequestProcessor } from './request-processor.js';

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
  readonly #ended = abortable();
  readonly #stillWanted = (): boolean => !this.#ended.signal.aborted;
  readonly #deliveries = new WorkCount();

  constructor(options: RequestServerOptions) {
    this.#options = options;
  }

  /** Resolves when the request is answered or dropped. */
  handle(message: WireMessage, { broker }: GroupDelivery): Promise<void> {
    this.#deliveries.enter();
    // Neither rejects, so there is nothing else to be told of.
    return this.#options.processor
      .process(message)
      .then((outcome) => this.#deliver(outcome, broker))
      .then(this.#delivered);
  }

  /** Resolves when every request that was taken is answered. */
  idle(): Promise<void> {
    return this.#deliveries.idle();
  }

  /** No answer is tried again any more. */
  end(): void {
    this.#ended.abort();
  }

  readonly #delivered = (): void => {
    this.#deliveries.leave();
  };

  #deliver(outcome: Outcome, broker: Transport): Promise<void> | undefined {
    if (outcome.kind === 'dropped') return undefined;
    outcome.delivery.sending ??= this.#send(outcome, broker);
    return outcome.delivery.sending;
  }

  async #send(reply: Reply, broker: Transport): Promise<void> {
    for (let current = reply; ; ) {
      try {
        await this.#publish(current.message, broker);
        break;
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
          break;
        }
        await delay(RETRY_AFTER_MS, this.#ended.signal);
      }
    }
    reply.delivery.sending = undefined;
  }

  /** Where the request came from, if that broker is there; else wherever there is one. */
  #publish(message: WireMessage, origin: Transport): Promise<void> {
    const options = {
      durable: true,
      mustRoute: true,
      timeoutMs: SEND_TIMEOUT_MS,
      stillWanted: this.#stillWanted,
    };
    if (origin.state.kind === 'open') return origin.publish(message, options);
    return this.#options.brokers.publishToOne(message, options);
  }
}
