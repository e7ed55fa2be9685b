import { isDeepStrictEqual } from 'node:util';

/** A payload of which this package and the Python SDK think differently. */
export interface Difference {
  readonly form: string;
  readonly mode: 'strict' | 'lenient';
  /** The payload, as text. */
  readonly raw: string;
  /** What the handler gets; undefined where the payload is refused. */
  readonly ours: { readonly value: unknown } | undefined;
  readonly theirs: { readonly value: unknown } | undefined;
}

/** A difference that stays, by the heading under which `docs/what-the-schema-document-does-not-carry.md` explains it. */
export interface Reason {
  readonly heading: string;
  covers(difference: Difference): boolean;
}

const isTaken = ({ ours, theirs }: Difference): boolean => ours !== undefined && theirs === undefined;
const isRefused = ({ ours, theirs }: Difference): boolean => ours === undefined && theirs !== undefined;
const isOther = ({ ours, theirs }: Difference): boolean => ours !== undefined && theirs !== undefined;
const isOneOf = (forms: readonly string[], { form }: Difference): boolean => forms.includes(form);
const isText = (value: unknown): boolean => typeof value === 'string';

/** A number with a point or exponent that is a whole one; no text. */
const HAS_POINT = /^[^"]*(?:\d\.0|\de[+-]?\d)/;
const UNIONS = ['bool or int', 'Small or Large', 'Large or Small'];
const WITH_FLOATS = ['float', 'float or bool', 'int or float', 'float or int', 'datetime or float'];
const FLOATS = [...WITH_FLOATS, 'float at most', 'multiple of float', 'strict float'];
const SPELLED = ['datetime', 'date', 'time', 'timedelta', 'uuid', 'uuid or int', 'url', 'http url'];
const ADDRESSES = ['ip', 'ip 6', 'ip of any version', 'ip network'];
const TEXTS = ['Decimal', 'Decimal with digits', 'Decimal bounded', 'complex', 'Base64Bytes', 'json'];
const SETS = [
  'set',
  'set with bounds',
  'set of float',
  'frozenset of text',
  'model with defaults of its own',
];
const OF_KEYS = ['dict of int keys', 'dict of float keys', 'dict of patterned keys'];
const OF_CODE = [
  ...['aware datetime', 'datetime of a bound', 'text that strips', 'text in lower case', 'model that strips'],
  ...[
    'model that raises',
    'model that takes numbers for text',
    'validated int',
    'default of a validated int',
  ],
  'model with aliases',
];

export const REASONS: readonly Reason[] = [
  {
    heading: 'A whole number with a point',
    covers: (difference) =>
      HAS_POINT.test(difference.raw.replaceAll(/"\w+"/g, '')) &&
      (isOneOf(UNIONS, difference) ? !isRefused(difference) : isTaken(difference)),
  },
  {
    heading: 'Numbers that are written oddly',
    covers: (difference) =>
      isRefused(difference) &&
      /^"[\d._-]+"$/.test(difference.raw) &&
      !/^"[+-]?\d+(\.\d+)?"$/.test(difference.raw),
  },
  {
    heading: 'Large whole numbers as text',
    covers: (difference) => isRefused(difference) && /^"[+-]?\d{17,}"$/.test(difference.raw),
  },
  {
    heading: 'Numbers that JSON does not have',
    covers: (difference) =>
      isRefused(difference) &&
      /e\d{3}|NaN|inf/i.test(difference.raw) &&
      isOneOf([...FLOATS, 'complex', 'Decimal'], difference),
  },
  {
    heading: 'Fields that nobody named',
    covers: ({ ours, theirs }) =>
      ours !== undefined &&
      theirs !== undefined &&
      isDeepStrictEqual(common(ours.value, theirs.value), theirs.value),
  },
  {
    heading: 'Keys that are numbers or follow a pattern',
    covers: (difference) => isOneOf(OF_KEYS, difference) && !isRefused(difference),
  },
  {
    heading: 'Spellings',
    covers: (difference) =>
      (isOneOf([...SPELLED, ...ADDRESSES, 'path', 'secret'], difference) &&
        isOther(difference) &&
        isText(difference.ours?.value)) ||
      (isOneOf(SETS, difference) && isOther(difference) && isReordered(difference)),
  },
  {
    heading: 'Texts that are something else',
    covers: (difference) => isOneOf([...TEXTS, 'byte size'], difference),
  },
  {
    heading: 'Rules that only the code has',
    covers: (difference) => isOneOf(OF_CODE, difference),
  },
  {
    heading: 'Defaults that are made',
    covers: (difference) => difference.form === 'dataclass' && isOther(difference),
  },
  {
    heading: 'Names of the items of a tuple',
    covers: (difference) =>
      isOneOf(['NamedTuple', 'NamedTuple with a model'], difference) &&
      isRefused(difference) &&
      difference.raw.startsWith('{'),
  },
  {
    heading: 'The order in which a union is tried',
    covers: (difference) => difference.form === 'int or None, left to right' && isOther(difference),
  },
  {
    heading: 'Addresses as numbers',
    covers: (difference) =>
      isOneOf(ADDRESSES, difference) && isRefused(difference) && !difference.raw.startsWith('"'),
  },
  {
    heading: 'What an address must be',
    covers: (difference) => isOneOf(['url', 'http url', 'ip network'], difference) && isTaken(difference),
  },
  {
    heading: 'A last line feed',
    covers: (difference) => isTaken(difference) && difference.raw === '"a\\n"',
  },
];

function isReordered({ ours, theirs }: Difference): boolean {
  const [one, other] = [ours?.value, theirs?.value];
  return Array.isArray(one) && Array.isArray(other) && isDeepStrictEqual(one.toSorted(), other.toSorted());
}

/** What of a value another has too: its fields, and those of its parts. */
function common(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other) && value.length === other.length) {
    return value.map((item, index) => common(item, other[index]));
  }
  if (!isFields(value) || !isFields(other)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => Object.hasOwn(other, key))
      .map(([key, field]) => [key, common(field, other[key])]),
  );
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
