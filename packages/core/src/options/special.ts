import type { OptionFacts, OptionRow, RequiredRow } from './option.js';

/** The row, but it must not be left out. */
export function required<In, Out>(option: OptionRow<In, Out>): RequiredRow<In, Exclude<Out, undefined>> {
  return { ...(option as OptionRow<In, Exclude<Out, undefined>>), required: true };
}

/** A row that reads its value in a way of its own. It adds the issues itself: `issues.push({ path, message: 'must ...' })`. */
export function custom<In, Out>(row: OptionFacts & Pick<OptionRow<In, Out>, 'read'>): OptionRow<In, Out> {
  return row;
}

/** A plain value or an object, such as `tls: true` or `tls: { ca }`. */
export function either<PlainIn, PlainOut, In, Out>(
  plain: OptionRow<PlainIn, PlainOut>,
  object: OptionRow<In, Out>,
): OptionRow<PlainIn | In, PlainOut | Out> {
  const type = plain.json?.type;
  return {
    json: plain.json,
    fields: object.fields,
    default: plain.default ?? object.default,
    read: (given) => {
      const isPlain =
        typeof given.value === type || (given.value === undefined && plain.default !== undefined);
      return isPlain ? plain.read(given) : object.read(given);
    },
  };
}
