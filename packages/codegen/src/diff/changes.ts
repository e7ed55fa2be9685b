/** What can change between two documents. */
export type ChangeKind =
  | 'address-changed'
  | 'protocol-changed'
  | 'capability-added'
  | 'capability-removed'
  | 'operation-added'
  | 'operation-removed'
  | 'event-added'
  | 'event-removed'
  | 'status-added'
  | 'status-removed'
  | 'argument-added'
  | 'argument-removed'
  | 'argument-needed'
  | 'description-changed'
  | 'default-changed'
  | 'field-added'
  | 'field-removed'
  | 'field-needed'
  | 'field-optional'
  | 'fields-closed'
  | 'fields-opened'
  | 'type-changed'
  | 'choice-added'
  | 'choice-removed'
  | 'limit-narrowed'
  | 'limit-widened'
  | 'limit-changed'
  | 'extension-changed';

/** One difference between an older and a newer schema document. */
export interface SchemaChange {
  readonly kind: ChangeKind;
  /** Where: `Camera.take.argument.seconds`, `Camera.frame.event`, `Camera.status.items[]`. */
  readonly path: string;
  /** A sentence for people. */
  readonly message: string;
  /** Whether a program that calls, or listens to, a service by the older document can fail with the newer service. */
  readonly breaksCallers: boolean;
  /** Whether a service that was written for the older document is none for the newer one. */
  readonly breaksImplementers: boolean;
}

/** What a change of a schema does to the values that fit it: `fewer` than before, `more`, both (`other`), or neither. */
export type Effect = 'fewer' | 'more' | 'other' | 'none';

/** Which way the values go that a schema describes. */
export type Way = 'argument' | 'given';

/**
 * Fewer arguments break those who send the others, more arguments those who have to serve them. What a service gives is the other
 * way round: more break those who read them, fewer those who gave the others.
 */
export function breaks(effect: Effect, way: Way): Pick<SchemaChange, 'breaksCallers' | 'breaksImplementers'> {
  const forSenders = effect === 'fewer' || effect === 'other';
  const forReaders = effect === 'more' || effect === 'other';
  return way === 'argument'
    ? { breaksCallers: forSenders, breaksImplementers: forReaders }
    : { breaksCallers: forReaders, breaksImplementers: forSenders };
}
