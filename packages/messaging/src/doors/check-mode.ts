import { type FieldReader, oneOf, readTable } from '@intersect-sdk/core/internal';

/**
 * What of a contract is checked while the program runs:
 * `request`: a wrong argument throws before anything is sent; a wrong answer, event or status is reported, and given all the same;
 * `both`: a wrong answer, event or status throws, too;
 * `none`: nothing.
 */
export type CheckMode = 'request' | 'both' | 'none';

/** The row of the option `check`. */
export function checkModeRow(usual: CheckMode) {
  return oneOf(['request', 'both', 'none'], { default: usual });
}

/** Reads the field `check` of the options of a single call. */
export function readCheckMode(read: FieldReader, usual: CheckMode): CheckMode {
  return readTable(read, { check: checkModeRow(usual) }).check;
}
