import type { Issue, LifecycleType, Logger } from '@intersect-sdk/core';
import type { Report } from '@intersect-sdk/messaging';

/** Why a request got no answer at all. */
export type DropReason = 'headers-invalid' | 'other-destination';

/** Why a request got an error instead of an answer. */
export type RefusalReason =
  | 'version-incompatible'
  | 'data-handler-unknown'
  | 'operation-unknown'
  | 'content-type'
  | 'payload-too-large'
  | 'blocked'
  | 'data-not-fetched'
  | 'arguments-invalid'
  | 'handler-failed'
  | 'capability-error'
  | 'answer-invalid'
  | 'data-not-stored'
  | 'time-limit'
  | 'stopping'
  | 'answer-too-large'
  | 'answer-forgotten';

/** Which request a report is about. */
export interface RequestIdentity {
  readonly operation: string;
  readonly source: string;
  readonly requestId: string;
  readonly messageId: string;
}

/** A request that got no answer: it is not for this service, or its headers don't say whom to answer. */
export interface RequestDropped {
  readonly kind: 'request-dropped';
  readonly reason: DropReason;
  readonly issues: readonly Issue[];
}

/** A request that was answered with an error. `error` is the cause, where there is one: it stays in this process. */
export interface RequestRefused extends RequestIdentity {
  readonly kind: 'request-refused';
  readonly reason: RefusalReason;
  readonly error?: unknown;
}

/** A message that came before; answered from memory. */
export interface RequestRepeated extends RequestIdentity {
  readonly kind: 'request-repeated';
}

/** An answer that no broker accepted. */
export interface AnswerNotSent extends RequestIdentity {
  readonly kind: 'answer-not-sent';
  readonly error: unknown;
}

/** An event that was refused, or that no broker accepted. */
export interface EventNotSent {
  readonly kind: 'event-not-sent';
  readonly capability: string;
  readonly event: string;
  readonly error: unknown;
}

/** A status function that threw or gave what its schema doesn't allow; `null` was sent instead. */
export interface StatusFailed {
  readonly kind: 'status-failed';
  readonly capability: string;
  readonly error: unknown;
}

export interface LifecycleNotSent {
  readonly kind: 'lifecycle-not-sent';
  readonly type: LifecycleType;
  readonly error: unknown;
}

/** A request made with `createExternalRequest`, or at startup or shutdown, that got no answer or an error. */
export interface CallFailed {
  readonly kind: 'call-failed';
  readonly destination: string;
  readonly operation: string;
  readonly error: unknown;
}

/**
 * What a service tells besides its answers, so that nothing is lost in silence. Nothing here needs a
 * reaction. Never a payload, but `error` may be what the service's own code threw.
 */
export type ServiceReport =
  | Report
  | RequestDropped
  | RequestRefused
  | RequestRepeated
  | AnswerNotSent
  | EventNotSent
  | StatusFailed
  | LifecycleNotSent
  | CallFailed;

export type ReportListener = (report: ServiceReport) => void;

/** Refusals that are the caller's doing, and everyday. */
const CALLERS_DOING: ReadonlySet<string> = new Set([
  'version-incompatible',
  'data-handler-unknown',
  'operation-unknown',
  'content-type',
  'payload-too-large',
  'blocked',
  'arguments-invalid',
  'capability-error',
  'answer-forgotten',
]);

/** Tells each report to the log and to the listener. A listener that throws harms nobody. */
export function reporterOf(logger: Logger, listener: ReportListener | undefined): ReportListener {
  return (report) => {
    const everyday =
      report.kind === 'request-repeated' ||
      (report.kind === 'request-refused' && CALLERS_DOING.has(report.reason));
    logger[everyday ? 'info' : 'warn'](report, report.kind);
    try {
      listener?.(report);
    } catch (error) {
      logger.error({ error }, 'the report listener threw');
    }
  };
}
