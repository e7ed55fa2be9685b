import { isIntersectError, type Logger, type WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import { silentLogger } from '@intersect-sdk/core/internal';
import { logReport } from './log-report.js';
import type { Observation, Observed, Observer } from './observer.js';
import { OldSenders } from './old-senders.js';
import { asError, type Reported, type Reporter, reportOf } from './report.js';

export interface ObserversOptions {
  readonly wire: Wire;
  readonly observers?: readonly Observer[] | undefined;
  /** Gets every report. Silent by default. */
  readonly logger?: Logger | undefined;
}

/** All who see the traffic of one client or service. Where there are none, nothing is made for them: ask `watching` first. */
export class Observers {
  readonly #wire: Wire;
  readonly #ofMessages: readonly Observer[];
  readonly #ofReports: readonly Observer[];
  readonly #logger: Logger;
  readonly #oldSenders: OldSenders;
  /** True where someone sees messages. */
  readonly watching: boolean;

  constructor({ wire, observers = [], logger = silentLogger }: ObserversOptions) {
    this.#wire = wire;
    this.#oldSenders = new OldSenders(wire);
    this.#logger = logger;
    this.#ofMessages = observers.filter(({ onMessage }) => onMessage !== undefined);
    this.#ofReports = observers.filter(({ onReport }) => onReport !== undefined);
    this.watching = this.#ofMessages.length > 0;
  }

  readonly report: Reporter = (reported) => {
    const report = reportOf(reported);
    logReport(this.#logger, report);
    for (const observer of this.#ofReports) this.#tell(() => observer.onReport?.(report));
  };

  /** Reports that a message which came in was refused; of a sender whose SDK is too old, once. */
  refused(reported: Reported, message: WireMessage): void {
    const old = this.#oldSenders.problemOf(message);
    if (old !== 'known') this.report(old ? { ...reported, error: old } : reported);
    if (!this.watching) return;
    const { broker, error, reason: outcome } = reported;
    this.observe({ kind: 'refused', message, broker, error, outcome });
  }

  observe(observed: Observed): void {
    const observation = this.#observationOf(observed);
    const { payload } = observed.message;
    for (const observer of this.#ofMessages) {
      // An observer may keep what it is given, and the message goes on to others.
      const seen = observer.payloads ? { ...observation, payload: new Uint8Array(payload) } : observation;
      this.#tell(() => observer.onMessage?.(seen));
    }
  }

  /** Observes a message on its way to a broker: settles as the promise does. */
  sending(sent: Promise<void>, message: WireMessage, broker?: string): Promise<void> {
    const sinceMs = performance.now();
    return sent.then(
      () => this.observe({ kind: 'sent', message, broker, sinceMs }),
      (error: unknown) => {
        this.observe({ kind: 'sent', message, broker, sinceMs, error });
        throw error;
      },
    );
  }

  #observationOf({ kind, message, sinceMs, error, outcome, broker, attempt }: Observed): Observation {
    const { headers } = message;
    const names = this.#wire.headerNames;
    const failure = error === undefined ? undefined : asError(error);
    return {
      kind,
      channel: message.channel,
      broker,
      contentType: message.contentType,
      bytes: message.payload.byteLength,
      headers: { ...headers },
      messageId: headers[names.messageId],
      requestId: headers[names.requestId],
      campaignId: headers[names.campaignId],
      source: headers[names.source],
      destination: headers[names.destination],
      operation: headers[names.operationId],
      capability: headers[names.capabilityName],
      event: headers[names.eventName],
      atMs: Date.now(),
      durationMs: sinceMs === undefined ? undefined : performance.now() - sinceMs,
      outcome: outcome ?? outcomeOf(failure),
      error: failure,
      attempt,
    };
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#logger.error({ error }, 'An observer threw; its error is ignored.');
    }
  }
}

function outcomeOf(error: Error | undefined): string {
  if (error === undefined) return 'ok';
  return isIntersectError(error) ? error.code : error.name;
}
