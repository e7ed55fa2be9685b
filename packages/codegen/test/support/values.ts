import { isNode, type JsonSchema, parseRef } from '@intersect-sdk/contract/internal';
import fc from 'fast-check';

type Definitions = Readonly<Record<string, unknown>>;

const EXAMPLES: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00',
  duration: 'PT1.5S',
  uuid: 'c4248493-fe22-4e0d-a7b4-ce2d04d6fbe9',
  uri: 'https://a.b/c',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  ipv4network: '10.0.0.0/8',
};
const ANYTHING = fc.jsonValue({ maxDepth: 1 });
const STRING = fc.constantFrom('', 'a', 'some text');

/** Values that a schema is likely to take: each way that it leaves open is taken now and then. */
export function valuesOf(schema: JsonSchema, definitions: Definitions): fc.Arbitrary<unknown> {
  return values(schema, definitions, 4);
}

function values(schema: unknown, definitions: Definitions, depth: number): fc.Arbitrary<unknown> {
  if (!isNode(schema)) return ANYTHING;
  const inner = (part: unknown): fc.Arbitrary<unknown> => values(part, definitions, depth - 1);
  if (typeof schema.$ref === 'string') {
    const target = parseRef(schema.$ref);
    return inner(target.kind === 'named' ? definitions[target.name] : undefined);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    // What leads back to where it came from would grow for ever.
    const some = depth > 0 ? choices : choices.filter((each) => !JSON.stringify(each).includes('$ref'));
    return withTag(fc.oneof(...some.map(inner)), schema.discriminator);
  }
  if (Array.isArray(schema.allOf)) return inner(schema.allOf[0]);
  if (Object.hasOwn(schema, 'const')) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objects(schema, inner, depth);
    case 'array':
      return lists(schema, inner, depth);
    case 'string':
      return texts(schema);
    case 'integer':
      return numbers(schema);
    case 'number':
      return fc.oneof(numbers(schema), fc.constantFrom(0.5, 0.25));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return ANYTHING;
  }
}

/** pydantic refuses a value without the field that tells the choices apart, whatever else the schema says. */
function withTag(some: fc.Arbitrary<unknown>, discriminator: unknown): fc.Arbitrary<unknown> {
  const tag = isNode(discriminator) ? discriminator.propertyName : undefined;
  if (typeof tag !== 'string') return some;
  return some.filter((value) => isNode(value) && Object.hasOwn(value, tag));
}

type Inner = (part: unknown) => fc.Arbitrary<unknown>;

function objects(schema: Definitions, inner: Inner, depth: number): fc.Arbitrary<unknown> {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const fields = Object.entries(isNode(schema.properties) ? schema.properties : {});
  const named = fc.record(
    Object.fromEntries(
      fields
        .filter(([name]) => depth > 0 || required.includes(name))
        .map(([name, field]) => [name, inner(field)]),
    ),
    { requiredKeys: required },
  );
  const byPattern = isNode(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  const further = [
    ...(isNode(schema.additionalProperties) || schema.additionalProperties === true
      ? [
          fc.dictionary(fc.constantFrom('k', 'toString', 'a b'), inner(schema.additionalProperties), {
            maxKeys: 2,
          }),
        ]
      : []),
    ...byPattern.map(([pattern, value]) =>
      fc.dictionary(fc.stringMatching(new RegExp(pattern)), inner(value), { maxKeys: 2 }),
    ),
  ];
  if (further.length === 0 || depth <= 0) return named;
  return fc.tuple(fc.oneof(...further), named).map(([more, own]) => ({ ...more, ...own }));
}

function lists(schema: Definitions, inner: Inner, depth: number): fc.Arbitrary<unknown> {
  const minLength = Number(schema.minItems ?? 0);
  if (Array.isArray(schema.prefixItems)) {
    const all = schema.prefixItems.map(inner);
    return fc.oneof(
      ...all
        .map((_each, index) => index + 1)
        .filter((length) => length >= minLength)
        .map((length) => fc.tuple(...all.slice(0, length))),
    );
  }
  if (depth <= 0 && minLength === 0) return fc.constant([]);
  return fc.array(inner(schema.items), { minLength, maxLength: Number(schema.maxItems ?? minLength + 2) });
}

function texts({ format, pattern, minLength, maxLength }: Definitions): fc.Arbitrary<string> {
  if (typeof format === 'string' && EXAMPLES[format] !== undefined) return fc.constant(EXAMPLES[format]);
  if (typeof pattern === 'string' && maxLength === undefined) return fc.stringMatching(new RegExp(pattern));
  if (minLength === undefined && maxLength === undefined) return STRING;
  return fc.constantFrom('a', 'ab');
}

function numbers({ minimum, exclusiveMinimum, maximum, multipleOf = 1 }: Definitions): fc.Arbitrary<number> {
  const min = Number(minimum ?? exclusiveMinimum ?? -3);
  return fc.integer({ min, max: Number(maximum ?? min + 6) }).map((number) => number * Number(multipleOf));
}
