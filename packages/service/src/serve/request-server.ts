import { isIntersectError, type WireMessage } from '@intersect-sdk/core';
import { ACCEPT_HEADER, delay, WorkCount } from '@intersect-sdk/core/internal';
import type { BrokerGroup, DataPlane, GroupDelivery, Observers } from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import type { Outcome, Reply } from './answer/outcome.js';
import { identityOf } from './answer/replies.js';
import { abortable } from './limits/abortable.js';
import { WaitingPlaces } from './limits/waiting-places.js';
import { Arrival } from './request/arrival.js';
import type { RequestProcessor } from './request-processor.js';

export interface RequestServerOptions {
  readonly brokers: BrokerGroup;
  readonly processor: RequestProcessor;
  readonly observers: Observers;
  readonly data: DataPlane;
  /** How long an answer is sent again that the broker can't take for now. */
  readonly answerRetryMs: number;
  /** How many requests from a broker that are acknowledged on start may wait for their handlers. */
  readonly maxWaiting: (broker: Transport) => number;
}

/** How long one try to send an answer may take; then another broker is tried, or the same again. */
const SEND_TIMEOUT_MS = 30_000;
const RETRY_AFTER_MS = 200;

/**
 * Takes requests from the brokers and sends the answers. A delivery ends when a broker accepted the
 * answer and not before, so a request whose answer is not out comes back after a crash, unless its operation says otherwise.
 */
export class RequestServer {
  readonly #options: RequestServerOptions;
  readonly #ended = abortable();
  readonly #stillWanted = (): boolean => !this.#ended.signal.aborted;
  readonly #deliveries = new WorkCount();
  readonly #waiting = new Map<Transport, WaitingPlaces>();

  constructor(options: RequestServerOptions) {
    this.#options = options;
  }

  /** Resolves when the request is answered or dropped; one that is acknowledged on start, when its handler begins. */
  handle(message: WireMessage, { broker }: GroupDelivery): Promise<void> {
    this.#deliveries.enter();
    const { processor, observers, brokers } = this.#options;
    const outlet = message.headers[ACCEPT_HEADER] === undefined ? undefined : { brokers, broker };
    const arrival = new Arrival(this.#waitingAt(broker), outlet);
    const outcome = processor.process(message, arrival);
    if (observers.watching) this.#observe(message, outcome);
    // Neither rejects, so there is nothing else to be told of.
    const delivered = outcome.then((known) => this.#deliver(known, broker)).then(this.#delivered);
    return arrival.start ? Promise.race([arrival.start.begun, delivered]) : delivered;
  }

  #waitingAt(broker: Transport): WaitingPlaces {
    let places = this.#waiting.get(broker);
    if (!places) {
      places = new WaitingPlaces(this.#options.maxWaiting(broker));
      this.#waiting.set(broker, places);
    }
    return places;
  }

  #observe(message: WireMessage, outcome: Promise<Outcome>): void {
    const sinceMs = performance.now();
    void outcome.then((known) => {
      if (known.kind === 'dropped') return;
      const reason = known.repeated ? 'repeated' : known.refusal;
      this.#options.observers.observe({ kind: 'handled', message, sinceMs, outcome: reason });
    });
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
    const { brokers, observers, answerRetryMs } = this.#options;
    let attempt = 1;
    let giveUpAtMs = performance.now() + answerRetryMs;
    for (let current = reply; ; ) {
      const tried = (error: unknown): void => {
        attempt += 1;
        if (!observers.watching) return;
        observers.observe({ kind: 'retried', message: current.message, error, attempt });
      };
      try {
        const remainingMs = Math.max(1, giveUpAtMs - performance.now());
        // Where the request came from, if that broker is there; else wherever there is one.
        await brokers.publishNear(broker, current.message, {
          durable: true,
          mustRoute: true,
          timeoutMs: Math.min(SEND_TIMEOUT_MS, remainingMs),
          stillWanted: this.#stillWanted,
          onBusy: tried,
        });
        this.#removeArgument(reply);
        break;
      } catch (error) {
        const known = isIntersectError(error) ? error : undefined;
        if (known?.code === 'PAYLOAD_TOO_LARGE' && current === reply) {
          current = this.#options.processor.tooLarge(reply, error);
          continue;
        }
        // An asker that is gone will not be back under the same address.
        const gone = known?.code === 'UNROUTABLE';
        const busy = known?.code === 'BROKER_BUSY';
        // Only a broker that is there is waited for no longer than that: without one, the request comes back with the next connection.
        if (!busy) giveUpAtMs = performance.now() + answerRetryMs;
        const late = performance.now() >= giveUpAtMs;
        if (gone || late || !known?.retryable || this.#ended.signal.aborted) {
          observers.report({ kind: 'answer-not-sent', ...identityOf(reply.request), error });
          if (gone) this.#removeArgument(reply);
          if (gone && reply.answer) void this.#options.data.remove(reply.answer);
          break;
        }
        if (!busy) tried(error);
        await delay(RETRY_AFTER_MS, this.#ended.signal);
      }
    }
    reply.delivery.sending = undefined;
  }

  /** The request has its answer, so that nobody reads its argument again. That of a repeated one is deleted already. */
  #removeArgument({ argument, repeated }: Reply): void {
    if (argument && !repeated) void this.#options.data.remove(argument);
  }
}
