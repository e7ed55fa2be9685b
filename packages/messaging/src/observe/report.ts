import { type ErrorCode, type IntersectError, type Issue, isIntersectError } from '@intersect-sdk/core';

/** What went wrong, or was refused, or reached no one. */
export type ReportKind =
  /** A message came in that breaks the protocol. */
  | 'message-refused'
  /** A response that no request waits for: late, doubled, or not from the one that was asked. */
  | 'response-refused'
  /** A message that a conversation sent got no answer or an error, and no callback takes that. */
  | 'request-failed'
  /** An event was dropped because its listener is too slow. */
  | 'event-dropped'
  /** A listener or callback of the program threw. */
  | 'handler-failed'
  /** A message of the program was not accepted by a broker. */
  | 'publish-failed'
  /** A broker can't be used, or a subscription on it ended. */
  | 'broker-failed'
  /** Something at a broker that works and that somebody should look at; the message says what to do. */
  | 'broker-notice'
  /** A request got no answer: it is not for this service, or its headers don't say whom to answer. */
  | 'request-dropped'
  /** A request was answered with an error. */
  | 'request-refused'
  /** A request came a second time and was answered from memory. */
  | 'request-repeated'
  /** An answer that no broker accepted. */
  | 'answer-not-sent'
  /** An event that was refused, or that no broker accepted. */
  | 'event-not-sent'
  /** A lifecycle message that no broker accepted. */
  | 'lifecycle-not-sent'
  /** A status function threw or gave what its schema doesn't allow; `null` was sent instead. */
  | 'status-failed'
  /** A whole number beyond 2^53 came in, which JavaScript has no number for; told once for each operation, event and status. */
  | 'digits-lost'
  /** A request of the service to another one got no answer or an error. */
  | 'call-failed'
  /** An answer, event or status that doesn't fit the contract by which it was asked for. It was given to who asked all the same. */
  | 'contract-broken'
  /** What lies in a data store and nobody needs any more could not be deleted. */
  | 'data-not-deleted'
  /** The store of the requests that a service has seen failed; what it was to remember may be run again. */
  | 'seen-store-failed'
  /** A contract has patterns that can't be checked; told once for each argument, answer, event and status. What they would refuse is taken. */
  | 'pattern-unchecked'
  /** A client or service has ended as the operating system asked, but something keeps the process alive. */
  | 'process-kept-alive';

/**
 * Told so that nothing is lost in silence; none needs a reaction. Never holds a payload, but `error` may be what the
 * program's own code threw.
 */
export interface Report {
  readonly kind: ReportKind;
  /** What happened and why, as a sentence. */
  readonly message: string;
  readonly channel?: string | undefined;
  /** The broker's transport, by name. */
  readonly broker?: string | undefined;
  /** `<capability>.<function>`. */
  readonly operation?: string | undefined;
  readonly capability?: string | undefined;
  readonly event?: string | undefined;
  /** The kind of a lifecycle message. */
  readonly lifecycleType?: string | undefined;
  /** Address of the sender. */
  readonly source?: string | undefined;
  /** Address of the one that was asked. */
  readonly destination?: string | undefined;
  readonly requestId?: string | undefined;
  readonly messageId?: string | undefined;
  /** Why a service refused or dropped a request. */
  readonly reason?: string | undefined;
  readonly code?: ErrorCode | undefined;
  /** Each problem of what was refused, with its path and never with its value. */
  readonly issues?: readonly Issue[] | undefined;
  readonly error?: IntersectError | Error | undefined;
}

/** Told of each report. What it throws is logged and ignored. */
export type ReportListener = (report: Report) => void;

/** What is known where something is reported; the rest follows from the error. */
export interface Reported extends Omit<Report, 'message' | 'code' | 'error'> {
  /** Default: the error's own. */
  readonly message?: string | undefined;
  readonly error?: unknown;
}

/** Takes what happened and tells it to the log and to every observer. */
export type Reporter = (reported: Reported) => void;

/** Completes a report. */
export function reportOf({ error: thrown, message, issues, ...known }: Reported): Report {
  const error = thrown === undefined ? undefined : asError(thrown);
  const found = issues ?? (error as { readonly issues?: readonly Issue[] } | undefined)?.issues;
  return {
    ...known,
    message: message ?? error?.message ?? known.reason ?? known.kind,
    ...(isIntersectError(error) && { code: error.code }),
    ...(found?.length && { issues: found }),
    ...(error && { error }),
  };
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
