import {
  type FieldReader,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  readTable,
} from '@intersect-sdk/core/internal';

/**
 * What of a contract is checked while the program runs:
 * `request`: a wrong argument throws before anything is sent; a wrong answer, event or status is reported, and given all the same;
 * `both`: a wrong answer, event or status throws, too;
 * `none`: nothing.
 */
export type CheckMode = 'request' | 'both' | 'none';

const CHECK_MODES: readonly CheckMode[] = ['request', 'both', 'none'];

/** The row of the option `check`. */
export function checkModeRow(usual: CheckMode) {
  return oneOf(CHECK_MODES, { default: usual });
}

const CHECK_OPTIONS = {
  /**
   * What of the contract is checked: `request`, `both` or `none`; with `both` a wrong event ends its stream with the error.
   * @default what the client or service says, which is 'request' unless it was told otherwise
   */
  check: oneOf(CHECK_MODES),
} satisfies OptionTable;

/** What everything that is done by a contract can be told. */
export interface CheckOptions extends Named, OptionsOf<typeof CHECK_OPTIONS> {}

/** Reads the field `check` among the options of a single call. */
export function readCheckMode(read: FieldReader, usual: CheckMode): CheckMode {
  return readTable(read, CHECK_OPTIONS).check ?? usual;
}
