import {
  abortSignal,
  callback,
  count,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';

const UNTIL_OPTIONS = {
  /**
   * Takes only those for which it gives true.
   * @default all
   */
  where: callback<(item: never) => boolean>(),
  /**
   * Which one of those that fit is waited for: 1 for the first since the lab was started.
   * @default 1
   */
  count: count({ default: 1, min: 1 }),
  /**
   * How long it is waited for, in ms.
   * @default 5000 (5 s)
   */
  timeoutMs: ms({ default: 5_000 }),
  /**
   * Ends the wait.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** What is waited for, and how long. */
export interface UntilOptions<Item = unknown> extends Named, OptionsOf<typeof UNTIL_OPTIONS> {
  /**
   * Takes only those for which it gives true.
   * @default all
   */
  readonly where?: ((item: Item) => boolean) | undefined;
}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveUntilOptions<Item>(what: string, input: UntilOptions<Item>) {
  return readOptions(what, input, (fields) => {
    const { where, ...others } = readTable(fields, UNTIL_OPTIONS);
    return { ...others, where: where as UntilOptions<Item>['where'] };
  });
}

export type ResolvedUntilOptions = Omit<ReturnType<typeof resolveUntilOptions>, 'where'>;
