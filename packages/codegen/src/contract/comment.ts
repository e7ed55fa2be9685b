import { isNode, type SchemaNode } from '@intersect-sdk/contract/internal';

/** Keywords that a type can't say. */
const LIMITS = [
  'format',
  'contentMediaType',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];

/** A comment for what a schema says and its type does not: its description, formats, limits, default and examples. */
export function commentOf(schema: unknown, description?: string): string[] {
  if (!isNode(schema)) return blockComment(description ? [description] : []);
  const said = description ?? (typeof schema.description === 'string' ? schema.description : '');
  return blockComment([...(said === '' ? [] : [said]), ...tagsOf(schema)]);
}

/** The lines of a comment; none where there is nothing to say. Nothing in the texts can end it. */
export function blockComment(texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) =>
    text
      .trim()
      .split(/[\r\n\u2028\u2029]+/)
      .map((line) => line.trim()),
  );
  const safe = lines.filter((line) => line !== '').map((line) => line.replaceAll('*/', '*\\/'));
  const [only] = safe;
  if (only === undefined) return [];
  return safe.length === 1 ? [`/** ${only} */`] : ['/**', ...safe.map((line) => ` * ${line}`), ' */'];
}

function tagsOf(schema: SchemaNode): string[] {
  const examples = Array.isArray(schema.examples) ? schema.examples : [];
  return [
    ...(schema.deprecated === true ? ['@deprecated'] : []),
    ...limitsOf(schema),
    ...(Object.hasOwn(schema, 'default') ? [`@default ${jsonText(schema.default)}`] : []),
    ...examples.map((example) => `@example ${jsonText(example)}`),
  ];
}

/** Those of its items and of the values of its fields too, where these have no comment of their own. */
function limitsOf(schema: SchemaNode): string[] {
  const own = LIMITS.filter((key) => isSaid(key, schema)).map((key) => `@${key} ${limitText(schema[key])}`);
  return [
    ...own,
    ...choicesOf(schema).flatMap(limitsOf),
    ...within('items', schema.items),
    ...within('values', schema.additionalProperties),
  ];
}

/** What else the same value has to be; a choice only where there is but one besides null. */
function choicesOf(schema: SchemaNode): SchemaNode[] {
  const choices = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const some = choices.filter((choice) => isNode(choice) && choice.type !== 'null');
  const all = Array.isArray(schema.allOf) ? schema.allOf : [];
  return [...(some.length === 1 ? some : []), ...all].filter(isNode);
}

function within(where: string, schema: unknown): string[] {
  if (!isNode(schema)) return [];
  return limitsOf(schema).map((tag) => (tag.startsWith('@') ? `@${where} ${tag.slice(1)}` : tag));
}

/** The number of items of a tuple stands in its type. */
function isSaid(key: string, schema: SchemaNode): boolean {
  if (schema[key] === undefined) return false;
  return !(schema.prefixItems !== undefined && (key === 'minItems' || key === 'maxItems'));
}

function limitText(value: unknown): string {
  return typeof value === 'string' && !/[\r\n\u2028\u2029]/.test(value) ? value : jsonText(value);
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}
