/** Why a request got no answer at all. */
export type DropReason = 'headers-invalid' | 'other-destination' | 'expired';

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
  | 'busy'
  | 'too-old'
  | 'stopping'
  | 'cancelled'
  | 'answer-too-large'
  | 'answer-forgotten'
  | 'begun-before';

/** Which request a report is about. */
export interface RequestIdentity {
  readonly operation: string;
  readonly source: string;
  readonly requestId: string;
  readonly messageId: string;
}
