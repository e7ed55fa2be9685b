import { isNode, type JsonSchema, parseRef } from '@intersect-sdk/contract/internal';
import fc from 'fast-check';

type Definitions = Readonly<Record<string, unknown>>;

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'date-time': [
    '2026-01-31T12:00:00Z',
    '2026-01-31 12:00',
    '2026-02-29T12:00:00Z',
    '2024-02-29T23:59:60+01:00',
  ],
  date: ['2026-01-31', '2026-02-29', '2024-02-29', '2026-00-10', '2026-1-1'],
  time: ['12:00:00', '12:00', '24:00:00', '12:00:00.5+01:00', '12:60'],
  duration: ['PT1.5S', '-P1DT2H', 'P', 'P1W', 'PT', '+P1Y2M'],
  uuid: ['c4248493-fe22-4e0d-a7b4-ce2d04d6fbe9', 'C4248493FE224E0DA7B4CE2D04D6FBE9', 'c4248493-fe22'],
  uri: ['https://a.b/c?d=e#f', 'a:b', '/a/b', 'http://[::1]/', 'a b'],
  email: ['a@b.c', 'a@', '@b', 'a b@c.d'],
  hostname: ['a.b', '-a.b', 'a_b', `${'a'.repeat(64)}.b`],
  ipv4: ['127.0.0.1', '256.0.0.1', '1.2.3'],
  ipv6: ['::1', '1::2::3', 'fe80::1%eth0', '::ffff:1.2.3.4'],
  'json-pointer': ['', '/a~1b', 'a', '/~2'],
  regex: ['^a+$', '(', '(?P<y>a)', '\\Z'],
  byte: ['YQ==', 'YQ=', 'a'],
};
// Names that every object has without having a field of that name.
const NAMES = ['toString', 'constructor', '__proto__', 'hasOwnProperty', '', 'a', 'x1', 'S_0', 'I_1'];
const ODD = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e300,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  '',
  '0',
  'a',
  true,
  false,
  null,
];

const odd = fc.oneof(
  fc.constantFrom<unknown>(...ODD),
  fc.jsonValue({ maxDepth: 2 }),
  fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom<unknown>(...ODD), { maxKeys: 3 }),
);

/** Values that fit a schema, or nearly so: each part of them may be another one than the schema asks for. */
export function nearValues(schema: JsonSchema, definitions: Definitions): fc.Arbitrary<unknown> {
  return near(schema, { definitions, root: schema, depth: 5 });
}

interface Context {
  readonly definitions: Definitions;
  readonly root: unknown;
  readonly depth: number;
}

function near(schema: unknown, context: Context): fc.Arbitrary<unknown> {
  if (!isNode(schema) || context.depth === 0) return odd;
  return fc.oneof({ weight: 14, arbitrary: meant(schema, context) }, { weight: 1, arbitrary: odd });
}

function meant(schema: Definitions, context: Context): fc.Arbitrary<unknown> {
  const inner = { ...context, depth: context.depth - 1 };
  const forms: fc.Arbitrary<unknown>[] = [];
  if (typeof schema.$ref === 'string') forms.push(near(resolve(schema.$ref, context), inner));
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const branches = listOf(schema[key]).map((branch) => near(branch, inner));
    if (branches.length > 0) forms.push(key === 'allOf' ? merged(branches) : fc.oneof(...branches));
  }
  for (const key of ['if', 'then', 'else', 'not'])
    if (isNode(schema[key])) forms.push(near(schema[key], inner));
  if (Array.isArray(schema.enum)) forms.push(fc.constantFrom(...(schema.enum as unknown[])));
  if ('const' in schema) forms.push(fc.constant(schema.const));
  const ownKinds = kindsOf(schema).map((kind) => ofKind(kind, schema, inner));
  if (ownKinds.length > 0) forms.push(fc.oneof(...ownKinds));
  return forms.length === 0 ? odd : fc.oneof(merged(forms), ...forms);
}

/** The fields of all that are objects together, else one of them. */
function merged(parts: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(...parts)
    .map((values) => (values.every(isNode) ? Object.assign({}, ...(values as object[])) : values[0]));
}

const KEYWORDS_OF: Readonly<Record<string, readonly string[]>> = {
  object: [
    'properties',
    'required',
    'patternProperties',
    'minProperties',
    'propertyNames',
    'dependentRequired',
  ],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

function kindsOf(schema: Definitions): string[] {
  if (schema.type !== undefined) return listOf(schema.type).map(String);
  return Object.keys(KEYWORDS_OF).filter((kind) =>
    KEYWORDS_OF[kind]?.some((key) => schema[key] !== undefined),
  );
}

function ofKind(kind: string, schema: Definitions, context: Context): fc.Arbitrary<unknown> {
  if (kind === 'object') return objects(schema, context);
  if (kind === 'array') return lists(schema, context);
  if (kind === 'string') return texts(schema);
  if (kind === 'integer' || kind === 'number') return numbers(kind, schema);
  return kind === 'boolean' ? fc.boolean() : fc.constant(null);
}

function objects(schema: Definitions, context: Context): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const name of listOf(schema.required).map(String)) fields[name] = odd;
  for (const [name, field] of entriesOf(schema.properties)) fields[name] = near(field, context);
  const named = fc.record(fields, { requiredKeys: listOf(schema.required).map(String) });
  const fewer = fc.record(fields, { requiredKeys: [] });
  const rest = [
    ...entriesOf(schema.patternProperties).map(([, value]) => value),
    schema.additionalProperties,
  ];
  const others = fc.dictionary(
    fc.oneof(fc.constantFrom(...NAMES, ...Object.keys(fields)), fc.string({ maxLength: 3 })),
    fc.oneof(...rest.filter(isNode).map((part) => near(part, context)), odd),
    { maxKeys: 3 },
  );
  const both = fc.tuple(named, others).map(([own, more]) => ({ ...more, ...own }));
  return fc.oneof(
    { weight: 4, arbitrary: named },
    { weight: 1, arbitrary: fewer },
    { weight: 2, arbitrary: both },
  );
}

function lists(schema: Definitions, context: Context): fc.Arbitrary<unknown> {
  // A list of schemas is the tuple of older drafts.
  const [prefixItems, rest] = Array.isArray(schema.items)
    ? [schema.items, schema.additionalItems]
    : [schema.prefixItems, schema.items];
  const items = fc.array(near(rest ?? schema.contains, context), { maxLength: 4 });
  const repeated = items.map((list) => [...list, ...list.slice(0, 1)]);
  const first = fc.tuple(...listOf(prefixItems).map((item) => near(item, context)));
  const both = fc.tuple(first, items).map(([prefix, more]) => [...prefix, ...more]);
  return fc.oneof(first, both, items, repeated);
}

function texts({ pattern, format, minLength, maxLength }: Definitions): fc.Arbitrary<unknown> {
  const some: fc.Arbitrary<string>[] = [fc.string({ unit: 'grapheme', maxLength: 6 })];
  for (const limit of [minLength, maxLength]) {
    if (typeof limit !== 'number') continue;
    for (const length of [limit - 1, limit, limit + 1])
      some.push(fc.constantFrom('a', '\u{1F600}').map((each) => each.repeat(Math.max(0, length))));
  }
  const expression = typeof pattern === 'string' ? asJavaScript(pattern) : undefined;
  if (expression) some.push(fc.stringMatching(expression), ...nearly(fc.stringMatching(expression)));
  if (typeof format === 'string') {
    const examples = fc.constantFrom(...(TEXTS[format] ?? ['a']));
    some.push(examples, ...nearly(examples));
  }
  return fc.oneof(...some);
}

/** The generator reads patterns of JavaScript only. It need not agree with the checkers: it makes values for them. */
function asJavaScript(pattern: string): RegExp | undefined {
  try {
    return new RegExp(
      pattern
        .replaceAll('\\A', '^')
        .replaceAll(/\\[zZ]/g, '$')
        .replaceAll('(?P<', '(?<'),
      'u',
    );
  } catch {
    return undefined;
  }
}

/** The same texts with one character more or less. */
function nearly(some: fc.Arbitrary<string>): fc.Arbitrary<string>[] {
  const place = fc.nat(40);
  return [
    fc.tuple(some, place).map(([text, at]) => text.slice(0, at) + text.slice(at + 1)),
    fc
      .tuple(some, place, fc.constantFrom('0', '9', ':', '-', ' ', 'Z', '\n'))
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at)),
  ];
}

function numbers(kind: string, schema: Definitions): fc.Arbitrary<unknown> {
  const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].flatMap(
    (key) => {
      const limit = schema[key];
      return typeof limit === 'number' ? [limit, limit + 1, limit - 1, limit * 3, limit + 0.001] : [];
    },
  );
  const some = kind === 'integer' ? fc.integer({ min: -20, max: 20 }) : fc.double({ min: -20, max: 20 });
  return limits.length === 0 ? some : fc.oneof(some, fc.constantFrom(...limits));
}

function resolve(ref: string, { definitions, root }: Context): unknown {
  const target = parseRef(ref);
  if (target.kind === 'foreign') return true;
  let found = target.kind === 'named' ? definitions[target.name] : root;
  for (const part of target.inside) found = isNode(found) ? found[part] : undefined;
  return found;
}

function entriesOf(value: unknown): [string, unknown][] {
  return isNode(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
