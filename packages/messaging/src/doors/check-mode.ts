import type { FieldReader } from '@intersect-sdk/core/internal';

/**
 * What of a contract is checked while the program runs:
 * `request`: a wrong argument throws before anything is sent; a wrong answer, event or status is reported, and given all the same;
 * `both`: a wrong answer, event or status throws, too;
 * `none`: nothing.
 */
export type CheckMode = 'request' | 'both' | 'none';

const MODES: readonly CheckMode[] = ['request', 'both', 'none'];

/** Reads the field `check`. */
export function readCheckMode(read: FieldReader, usual: CheckMode = 'request'): CheckMode {
  return read.text('check', usual, { oneOf: MODES }) as CheckMode;
}
