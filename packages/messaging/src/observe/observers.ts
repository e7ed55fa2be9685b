import { isIntersectError, type Logger, type WireMessage } from '@intersect-sdk/core';
import { type FurtherHeaders, NO_HEADERS, silentLogger, type Wire } from '@intersect-sdk/core/internal';
import type { Companion, ConnectionState, Departure, Work } from './companion.js';
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
  readonly #all: readonly Observer[];
  readonly #ofReports: readonly Observer[];
  readonly #ofDepartures: readonly Observer[];
  readonly #ofWork: readonly Observer[];
  readonly #logger: Logger;
  readonly #oldSenders: OldSenders;
  /** True where someone sees messages. */
  readonly watching: boolean;
  /** True where someone wants to know of departures. */
  readonly seesDepartures: boolean;
  /** True where handlers are called by someone. */
  readonly seesWork: boolean;

  constructor({ wire, observers = [], logger = silentLogger }: ObserversOptions) {
    this.#wire = wire;
    this.#oldSenders = new OldSenders(wire);
    this.#logger = logger;
    this.#all = observers;
    this.#ofMessages = observers.filter(({ onMessage }) => onMessage !== undefined);
    this.#ofReports = observers.filter(({ onReport }) => onReport !== undefined);
    this.#ofDepartures = observers.filter(({ onDeparture }) => onDeparture !== undefined);
    this.#ofWork = observers.filter(({ aroundWork }) => aroundWork !== undefined);
    this.watching = this.#ofMessages.length > 0;
    this.seesDepartures = this.#ofDepartures.length > 0;
    this.seesWork = this.#ofWork.length > 0;
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

  connection(connection: ConnectionState): void {
    for (const observer of this.#all) this.#tell(() => observer.onConnection?.(connection));
  }

  /** Tells of a departure; the headers are those that go along, the given ones among them. */
  depart(
    departure: Departure,
    given: FurtherHeaders = NO_HEADERS,
  ): Companion & { readonly headers: FurtherHeaders } {
    const companions: Companion[] = [];
    let headers = given;
    for (const observer of this.#ofDepartures) {
      this.#tell(() => {
        const companion = observer.onDeparture?.(departure);
        if (!companion) return;
        companions.push(companion);
        if (companion.headers) headers = { ...this.#wire.furtherHeadersOf(companion.headers), ...headers };
      });
    }
    return {
      headers,
      ended: (error) => {
        for (const companion of companions) this.#tell(() => companion.ended(error));
      },
    };
  }

  /** Calls a handler within whatever observers put around it. */
  around<T>(work: Work, run: () => T): T {
    let call = run;
    for (const observer of this.#ofWork) {
      const inner = call;
      call = () => this.#within(observer, work, inner);
    }
    return call();
  }

  /** An observer that throws before it has called the handler does not keep it from being called. */
  #within<T>(observer: Observer, work: Work, run: () => T): T {
    let isCalled = false;
    const once = (): T => {
      isCalled = true;
      return run();
    };
    try {
      return observer.aroundWork ? observer.aroundWork(work, once) : once();
    } catch (error) {
      if (isCalled) throw error;
      this.#ignored(error);
      return run();
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
      this.#ignored(error);
    }
  }

  #ignored(error: unknown): void {
    this.#logger.error({ error }, 'An observer threw; its error is ignored.');
  }
}

function outcomeOf(error: Error | undefined): string {
  if (error === undefined) return 'ok';
  return isIntersectError(error) ? error.code : error.name;
}
