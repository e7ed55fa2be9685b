import { isIntersectError, type Logger } from '@intersect-sdk/core';
import type { Report } from './report.js';

/** Refusals that a caller caused, and that are part of normal operation. */
const EVERYDAY_REFUSALS: ReadonlySet<string | undefined> = new Set([
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

/** Writes a report to the log: its sentence, and what it is about as fields. */
export function logReport(logger: Logger, { message, error, ...fields }: Report): void {
  const { kind, reason } = fields;
  const everyday =
    kind === 'request-repeated' || (kind === 'request-refused' && EVERYDAY_REFUSALS.has(reason));
  // The sentence of an SDK error says everything. For an error of the program's own code the stack is needed, too.
  const unknown = error !== undefined && !isIntersectError(error);
  logger[everyday ? 'info' : 'warn'](unknown ? { ...fields, error } : fields, message);
}
