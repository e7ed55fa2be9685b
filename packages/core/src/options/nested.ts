import { listProblem } from '../plumbing/value-rules.js';
import type { RowRule } from './checked-option.js';
import type { OptionRow, OptionTable, TableOf } from './option.js';
import { readNested, readTable } from './read-options.js';

/**
 * An object with a table of its own. Both types have names, so that editors show these and not the whole
 * table: `group<LimitOptions, Limits>(LIMIT_OPTIONS, { default: {} })`.
 */
export function group<Options extends object, Resolved extends object>(
  table: TableOf<Options, Resolved> & OptionTable,
  rule: RowRule<Options> & { readonly default: Options },
): OptionRow<Options, Resolved>;
export function group<Options extends object, Resolved extends object>(
  table: TableOf<Options, Resolved> & OptionTable,
  rule?: RowRule<Options>,
): OptionRow<Options, Resolved | undefined>;
export function group<Options extends object, Resolved extends object>(
  table: OptionTable,
  rule: RowRule<Options> = {},
): OptionRow<Options, Resolved | undefined> {
  return {
    ...rule,
    fields: table,
    read({ value = rule.default, path, issues }) {
      if (value === undefined) return undefined;
      return readNested({ value, path, issues }, (fields) => readTable(fields, table) as Resolved);
    },
  };
}

export interface ListRule<In> extends RowRule<readonly In[]> {
  /** What is wrong with an empty list, where it is not as good as any. */
  readonly empty?: string;
}

/** A list whose elements are all read by one row. */
export function list<In, Out>(
  of: OptionRow<In, Out | undefined>,
  rule: ListRule<In> & { readonly default: readonly In[] },
): OptionRow<readonly In[], readonly Out[]>;
export function list<In, Out>(
  of: OptionRow<In, Out | undefined>,
  rule?: ListRule<In>,
): OptionRow<readonly In[], readonly Out[] | undefined>;
export function list<In, Out>(
  of: OptionRow<In, Out | undefined>,
  { empty, ...rule }: ListRule<In> = {},
): OptionRow<readonly In[], readonly Out[] | undefined> {
  return {
    ...rule,
    items: of,
    ...(empty !== undefined && { json: { minItems: 1 } }),
    read({ value = rule.default, path, issues }) {
      if (value === undefined) return undefined;
      const message = listProblem(value) ?? ((value as unknown[]).length === 0 ? empty : undefined);
      if (message !== undefined) issues.push({ path, message });
      if (!Array.isArray(value)) return [];
      return value.flatMap((element, index) => {
        const given = { value: element, path: `${path}[${index}]`, issues };
        if (element !== undefined) return [of.read(given) as Out];
        issues.push({ path: given.path, message: 'is required' });
        return [];
      });
    },
  };
}
