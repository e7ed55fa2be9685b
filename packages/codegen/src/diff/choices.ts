import { canonicalText, isNode, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';

export type Resolve = (ref: string) => JsonSchema | undefined;

/** One of the forms that a value may have: a fixed value, or what a keyword `type` says. */
export interface Choice {
  /** `any`, `value`, `bytes`, or a type of JSON Schema. */
  readonly kind: string;
  /** What it is told apart by from others of its kind. */
  readonly key: string;
  readonly node: SchemaNode;
  /** For people. */
  readonly text: string;
}

const COMBINED = ['$ref', 'allOf', 'anyOf', 'oneOf'];
const ABOUT_A_UNION = new Set([...COMBINED, 'discriminator', 'title', 'description', 'default', 'examples']);

/** The forms that the values of a schema may have. What is combined in other ways than by choice is taken as one. */
export function choicesOf(schema: JsonSchema | undefined, resolve: Resolve): Choice[] {
  if (schema === false) return [];
  if (!isNode(schema)) return [choice('any', {})];
  const { node, name } = merged(schema, resolve);
  const lists = [node.anyOf, node.oneOf].filter(Array.isArray);
  const [only] = lists;
  const own = Object.keys(node).filter((key) => !ABOUT_A_UNION.has(key));
  if (only && lists.length === 1 && own.every((key) => key === 'type')) {
    return distinct(only.flatMap((each) => choicesOf(each as JsonSchema, resolve)));
  }
  if (Object.hasOwn(node, 'const')) return [valueChoice(node.const)];
  if (Array.isArray(node.enum)) return distinct(node.enum.map(valueChoice));
  if (node.format === 'binary' && typeof node.contentMediaType === 'string') {
    return [
      choice('bytes', node, { key: node.contentMediaType, text: `bytes of type ${node.contentMediaType}` }),
    ];
  }
  const types = Array.isArray(node.type) ? node.type.map(String) : [String(node.type ?? impliedType(node))];
  return types.map((type) =>
    choice(type, node, { key: type === 'object' ? (tagOf(node, resolve) ?? name ?? '') : '' }),
  );
}

/** Whether every value of the one is a value of the other, whatever their limits. */
export function covers(wide: Choice, { kind, node }: Choice): boolean {
  if (wide.kind === 'any') return true;
  if (kind !== 'value') return wide.kind === 'number' && kind === 'integer';
  const value = node.const;
  if (wide.kind === 'number') return typeof value === 'number';
  if (wide.kind === 'integer') return Number.isInteger(value);
  if (wide.kind === 'null') return value === null;
  return (wide.kind === 'string' || wide.kind === 'boolean') && typeof value === wide.kind;
}

/** References followed, and all that must hold together as one node where the parts name different things. */
function merged(
  schema: SchemaNode,
  resolve: Resolve,
  depth = 0,
): { readonly node: SchemaNode; readonly name: string | undefined } {
  const { $ref, allOf, ...rest } = schema;
  const parts = [...($ref === undefined ? [] : [{ $ref }]), ...(Array.isArray(allOf) ? allOf : [])].filter(
    isNode,
  );
  if (parts.length === 0 || depth > 50) return { node: schema, name: undefined };
  const whole = parts.map((part): SchemaNode => {
    const target = typeof part.$ref === 'string' ? resolve(part.$ref) : part;
    return isNode(target) ? merged(target, resolve, depth + 1).node : {};
  });
  const node: Record<string, unknown> = {};
  for (const part of [...whole, rest]) {
    const { properties, required } = node;
    Object.assign(node, part);
    if (isNode(properties) && isNode(part.properties))
      node.properties = { ...properties, ...part.properties };
    if (Array.isArray(required) && Array.isArray(part.required)) {
      node.required = [...required, ...part.required];
    }
  }
  return { node, name: typeof $ref === 'string' ? $ref : undefined };
}

/** The value of the field that tells it apart from the other choices of a union. */
function tagOf({ properties }: SchemaNode, resolve: Resolve): string | undefined {
  if (!isNode(properties)) return undefined;
  for (const [name, field] of Object.entries(properties)) {
    if (!isNode(field)) continue;
    const { node } = merged(field, resolve);
    if (typeof node.const === 'string') return `${name}=${node.const}`;
  }
  return undefined;
}

function impliedType(node: SchemaNode): string {
  if (node.properties !== undefined || node.additionalProperties !== undefined) return 'object';
  return node.items !== undefined || node.prefixItems !== undefined ? 'array' : 'any';
}

function valueChoice(value: unknown): Choice {
  const text = canonicalText([value]).slice(1, -1);
  return choice('value', { const: value }, { key: text, text });
}

function choice(
  kind: string,
  node: SchemaNode,
  {
    key = '',
    text = kind === 'any' ? 'anything' : kind,
  }: { readonly key?: string; readonly text?: string } = {},
): Choice {
  return { kind, key, node, text: text === 'object' && key.includes('=') ? `object with ${key}` : text };
}

function distinct(choices: readonly Choice[]): Choice[] {
  const seen = new Set<string>();
  return choices.filter(({ kind, key, node }) => {
    if (kind === 'object' || kind === 'array') return true;
    const text = `${kind} ${key} ${kind === 'value' ? '' : canonicalText(node)}`;
    return !seen.has(text) && seen.add(text);
  });
}
