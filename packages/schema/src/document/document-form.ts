import {
  isNode,
  type JsonSchema,
  SCHEMA_KEYWORDS,
  SCHEMA_LIST_KEYWORDS,
  SCHEMA_MAP_KEYWORDS,
  type SchemaNode,
} from '@intersect-sdk/contract/internal';

// How TypeBox writes 'any string' as the key of a record.
const ANY_KEY = new Set(['^.*$', '^(.*)$']);

/** A schema as the reference would write it: the same meaning, with its titles and its way to say things. */
export function documentForm(schema: JsonSchema): JsonSchema {
  if (!isNode(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, keywordForm(key, value)] as const);
  return [withTypedValues, withPlainRecord, withAllOf, withPropertyTitles].reduce<SchemaNode>(
    (node, rewrite) => rewrite(node),
    Object.fromEntries(entries),
  );
}

/** Adds a title unless the schema has one or is a named type. */
export function withTitle(schema: JsonSchema, title: string): JsonSchema {
  if (typeof schema === 'boolean') return schema ? { title } : { not: {}, title };
  const node = schema as SchemaNode;
  return node.$ref !== undefined || node.title !== undefined ? schema : { ...schema, title };
}

function keywordForm(key: string, value: unknown): unknown {
  if (SCHEMA_KEYWORDS.has(key)) return documentForm(value as JsonSchema);
  if (SCHEMA_LIST_KEYWORDS.has(key) && Array.isArray(value)) {
    return value.map((item) => documentForm(item as JsonSchema));
  }
  if (SCHEMA_MAP_KEYWORDS.has(key) && isNode(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, documentForm(item as JsonSchema)]),
    );
  }
  return value;
}

/** A choice among fixed values is an `enum` with its type. */
function withTypedValues(node: SchemaNode): SchemaNode {
  const { anyOf, ...rest } = node;
  if (Array.isArray(anyOf) && anyOf.length > 1 && anyOf.every(isBareConst)) {
    const types = new Set(anyOf.map(({ type }) => type));
    if (types.size === 1) return withTypedValues({ enum: anyOf.map(({ const: value }) => value), ...rest });
  }
  const values = Array.isArray(node.enum) ? node.enum : Object.hasOwn(node, 'const') ? [node.const] : [];
  const [type, ...others] = new Set(values.map(typeOfValue));
  return type === undefined || others.length > 0 ? node : { ...node, type };
}

function isBareConst(schema: unknown): schema is { const: unknown; type?: unknown } {
  return (
    isNode(schema) &&
    Object.hasOwn(schema, 'const') &&
    Object.keys(schema).every((key) => key === 'const' || key === 'type')
  );
}

function typeOfValue(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (value === null) return 'null';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : undefined;
}

/** A record with any keys says so with `additionalProperties`. */
function withPlainRecord(node: SchemaNode): SchemaNode {
  const { patternProperties, ...rest } = node;
  if (!isNode(patternProperties) || node.additionalProperties !== undefined) return node;
  const [[key, value] = ['', undefined], ...others] = Object.entries(patternProperties);
  return others.length === 0 && ANY_KEY.has(key) ? { ...rest, additionalProperties: value } : node;
}

/** A default beside a named type stands beside an `allOf` of it. */
function withAllOf(node: SchemaNode): SchemaNode {
  const { $ref, ...rest } = node;
  return $ref !== undefined && Object.hasOwn(rest, 'default') ? { allOf: [{ $ref }], ...rest } : node;
}

function withPropertyTitles(node: SchemaNode): SchemaNode {
  if (!isNode(node.properties)) return node;
  const properties = Object.entries(node.properties).map(([name, property]) => {
    const isNamedType = isNode(property) && (property.$ref !== undefined || property.allOf !== undefined);
    return [name, isNamedType ? property : withTitle(property as JsonSchema, titleOf(name))];
  });
  const { required, ...rest } = node;
  return {
    ...rest,
    properties: Object.fromEntries(properties),
    ...(Array.isArray(required) && required.length === 0 ? {} : required === undefined ? {} : { required }),
  };
}

/** `cpu_percentages` -> `Cpu Percentages`. */
function titleOf(name: string): string {
  return name
    .replaceAll('_', ' ')
    .trim()
    .replaceAll(/[A-Za-z]+/g, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`);
}
