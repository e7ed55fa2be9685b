import { isNode, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';
import { commentOf } from './comment.js';
import { fieldName, typeOfLiteral } from './literal.js';

/** Whether a value is sent to the service, with fields left out that have a default, or comes from it, complete. */
export type Direction = 'request' | 'answer';

export interface TypeContext {
  readonly direction: Direction;
  /** The name of the type that a `$ref` means. */
  readonly nameOf: (ref: string) => string;
  /** What a `$ref` means. */
  readonly resolve: (ref: string) => JsonSchema | undefined;
}

const KEYWORDS_OF_KIND: Readonly<Record<string, readonly string[]>> = {
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'minProperties',
  ],
  array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/** The type of the values of a schema. `unknown` stands where the schema says nothing. */
export function typeText(schema: unknown, context: TypeContext): string {
  if (schema === false) return 'never';
  if (!isNode(schema)) return 'unknown';
  const parts = [
    typeof schema.$ref === 'string' ? context.nameOf(schema.$ref) : 'unknown',
    ownType(schema, context),
    ...listOf(schema.allOf).map((part) => typeText(part, context)),
    ...[schema.anyOf, schema.oneOf].map((choices) => choiceType(choices, schema.discriminator, context)),
  ];
  return intersection(parts);
}

/** What the node itself says, besides the schemas that it combines. */
function ownType(schema: SchemaNode, context: TypeContext): string {
  if (Object.hasOwn(schema, 'const')) return typeOfLiteral(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map(typeOfLiteral));
  return union(kindsOf(schema).map((kind) => kindType(kind, schema, context)));
}

function kindsOf(schema: SchemaNode): readonly string[] {
  if (schema.type !== undefined) return listOf(schema.type).map(String);
  // What stands beside others says more of the values that those describe.
  if (['$ref', 'allOf', 'anyOf', 'oneOf'].some((key) => schema[key] !== undefined)) {
    return schema.properties === undefined ? ['any'] : ['object'];
  }
  const meant = Object.keys(KEYWORDS_OF_KIND).filter((kind) =>
    KEYWORDS_OF_KIND[kind]?.some((key) => schema[key] !== undefined),
  );
  return meant.length === 0 ? ['any'] : meant;
}

function kindType(kind: string, schema: SchemaNode, context: TypeContext): string {
  switch (kind) {
    case 'object':
      return objectType(schema, context);
    case 'array':
      return arrayType(schema, context);
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return kind;
    default:
      return 'unknown';
  }
}

function choiceType(choices: unknown, discriminator: unknown, context: TypeContext): string {
  if (!Array.isArray(choices) || choices.length === 0) return 'unknown';
  return union(choices.map((choice) => withTag(choice, discriminator, context)));
}

/**
 * A choice of a union that is told apart by a field, its tag. Whoever reads the tag to tell the choices apart needs it, so it is
 * there also where it has a default.
 */
function withTag(choice: unknown, discriminator: unknown, context: TypeContext): string {
  const text = typeText(choice, context);
  const tag = isNode(discriminator) ? discriminator.propertyName : undefined;
  if (typeof tag !== 'string' || !isNode(choice)) return text;
  const target = typeof choice.$ref === 'string' ? context.resolve(choice.$ref) : choice;
  const field = isNode(target) && isNode(target.properties) ? target.properties[tag] : undefined;
  if (!isNode(target) || field === undefined || isAlwaysThere(tag, target, context)) return text;
  return intersection([text, `{ ${fieldName(tag)}: ${typeText(field, context)} }`]);
}

function isAlwaysThere(name: string, schema: SchemaNode, { direction }: TypeContext): boolean {
  if (listOf(schema.required).includes(name)) return true;
  const field = isNode(schema.properties) ? schema.properties[name] : undefined;
  return direction === 'answer' && hasDefault(field);
}

export function hasDefault(schema: unknown): boolean {
  return isNode(schema) && Object.hasOwn(schema, 'default');
}

function objectType(schema: SchemaNode, context: TypeContext): string {
  const fields = isNode(schema.properties) ? { ...schema.properties } : {};
  const allowed = namesAllowed(schema);
  for (const name of [...listOf(schema.required), ...(allowed ?? [])].map(String)) {
    if (!Object.hasOwn(fields, name)) define(fields, name, schema.additionalProperties ?? true);
  }
  const named = Object.entries(fields);
  const further = allowed === undefined ? furtherFields(schema, context) : [];
  if (named.length === 0) return `{ [key: string]: ${union(further.length === 0 ? ['unknown'] : further)} }`;
  const lines = named.flatMap(([name, field]) => {
    const mark = isAlwaysThere(name, schema, context) ? '' : '?';
    return [...commentOf(field), `${fieldName(name)}${mark}: ${typeText(field, context)};`];
  });
  if (further.length > 0 && further.join() !== 'never') {
    const optional = named.some(([name]) => !isAlwaysThere(name, schema, context)) ? ['undefined'] : [];
    const all = [...further, ...named.map(([, field]) => typeText(field, context)), ...optional];
    lines.push(`[key: string]: ${union(all)};`);
  }
  return `{\n${lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`).join('')}}`;
}

/** The types of fields that are not named. Where nothing is said of them they may be there, but are no part of the type. */
function furtherFields(schema: SchemaNode, context: TypeContext): string[] {
  const { additionalProperties: rest, patternProperties } = schema;
  const byPattern = isNode(patternProperties)
    ? Object.values(patternProperties).map((value) => typeText(value, context))
    : [];
  if (rest === undefined || (rest === false && byPattern.length > 0)) return byPattern;
  return [...byPattern, typeText(rest, context)];
}

/** The names that fields can have, where these are few. */
function namesAllowed({ propertyNames }: SchemaNode): readonly string[] | undefined {
  if (!isNode(propertyNames)) return undefined;
  const names = Object.hasOwn(propertyNames, 'const') ? [propertyNames.const] : propertyNames.enum;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined;
}

function arrayType(schema: SchemaNode, context: TypeContext): string {
  const { prefixItems, items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (!Array.isArray(prefixItems)) return items === false ? '[]' : `${operand(typeText(items, context))}[]`;
  const first = prefixItems.slice(0, Number(maxItems)).map((item, index) => {
    const text = typeText(item, context);
    const isThere = index < Number(minItems) || (context.direction === 'answer' && hasDefault(item));
    return isThere ? text : `${operand(text)}?`;
  });
  const isFull = items === false || Number(maxItems) <= prefixItems.length;
  return `[${[...first, ...(isFull ? [] : [`...${operand(typeText(items, context))}[]`])].join(', ')}]`;
}

/** Any of these; `unknown` swallows the others. */
export function union(texts: readonly string[]): string {
  const different = [
    ...new Set(texts.flatMap((text) => (/^[\w |]+$/.test(text) ? text.split(' | ') : [text]))),
  ];
  if (different.includes('unknown')) return 'unknown';
  const some = different.length > 1 ? different.filter((text) => text !== 'never') : different;
  return some.length === 0 ? 'never' : some.join(' | ');
}

function intersection(texts: readonly string[]): string {
  const some = [...new Set(texts)].filter((text) => text !== 'unknown');
  if (some.length === 0) return 'unknown';
  return some.length === 1 ? String(some[0]) : some.map(operand).join(' & ');
}

/** In brackets where something that binds closer comes behind. */
function operand(text: string): string {
  return /[|&]/.test(outside(text)) ? `(${text})` : text;
}

/** Without what stands in brackets, literals and comments. */
function outside(text: string): string {
  let depth = 0;
  const plain = text.replaceAll(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"/g, '');
  return [...plain]
    .filter((character) => {
      if ('{[('.includes(character)) depth++;
      if ('}])'.includes(character)) depth--;
      return depth === 0;
    })
    .join('');
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
