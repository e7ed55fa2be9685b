/** A JSON Schema (draft 2020-12), TypeBox's included. */
export type JsonSchema = object | boolean;

/** A schema that is an object, seen as its keywords. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Keywords whose value is one schema that applies to parts of the value. */
const PART_KEYWORDS = [
  'additionalProperties',
  'items',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** Keywords whose value is one schema that applies to the same value. */
const SAME_VALUE_KEYWORDS = ['not', 'if', 'then', 'else'];

const SAME_VALUE_LISTS = ['allOf', 'anyOf', 'oneOf'];
const SAME_VALUE_MAPS = ['dependentSchemas'];
const PART_MAPS = ['properties', 'patternProperties'];

export const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([...PART_KEYWORDS, ...SAME_VALUE_KEYWORDS]);
export const SCHEMA_LIST_KEYWORDS: ReadonlySet<string> = new Set([...SAME_VALUE_LISTS, 'prefixItems']);
export const SCHEMA_MAP_KEYWORDS: ReadonlySet<string> = new Set([...SAME_VALUE_MAPS, ...PART_MAPS]);

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas in a node that apply to the same value as the node itself; `$ref` is not followed. */
export function sameValueChildren(node: SchemaNode): unknown[] {
  return [
    ...SAME_VALUE_KEYWORDS.map((key) => node[key]),
    ...SAME_VALUE_LISTS.flatMap((key) => listOf(node[key])),
    ...SAME_VALUE_MAPS.flatMap((key) => mapValuesOf(node[key])),
  ].filter(isNode);
}

/** The schemas in a node that apply to fields or items of the value. */
export function partChildren(node: SchemaNode): unknown[] {
  return [
    ...PART_KEYWORDS.map((key) => node[key]),
    ...listOf(node.prefixItems),
    ...PART_MAPS.flatMap((key) => mapValuesOf(node[key])),
  ].filter(isNode);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function mapValuesOf(value: unknown): unknown[] {
  return isNode(value) ? Object.values(value) : [];
}
