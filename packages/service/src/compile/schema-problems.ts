import { isBinary } from '@intersect-sdk/contract/internal';
import type { Issue } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, isContentType } from '@intersect-sdk/core/internal';
import { type CompileOptions, compileCheck } from '@intersect-sdk/schema';

type Node = Readonly<Record<string, unknown>>;

type Definitions = CompileOptions['definitions'];

interface Walk {
  readonly root: Node;
  readonly definitions: Definitions;
  readonly issues: Issue[];
}

/** Keywords whose value is one schema, a list of schemas, a map of schemas. */
const SCHEMA_KEYWORDS = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const LIST_KEYWORDS = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const MAP_KEYWORDS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/** Keywords that say what fields an object has, if they name any. */
const FIELD_KEYWORDS = new Set(['type', 'properties', 'required', 'additionalProperties']);

/** Keywords that don't narrow what a value can be. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'examples',
  'default',
  '$id',
  '$schema',
  '$comment',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$defs',
  'definitions',
]);

/**
 * What is wrong with a schema for use in a capability, although it may be valid JSON Schema: parts
 * that say nothing, so that a caller can't know what to send; bytes inside JSON; defaults that don't
 * fit. For a schema that can be compiled, which is therefore finite. Paths lead into the schema.
 */
export function schemaProblems(schema: object, path: string, definitions?: Definitions): Issue[] {
  if (isBinary(schema)) return binaryProblems(schema.contentMediaType, path);
  const issues: Issue[] = [];
  visit(schema, path, { root: schema as Node, definitions, issues });
  return issues;
}

function binaryProblems(contentType: string, path: string): Issue[] {
  if (contentType === DEFAULT_CONTENT_TYPE) {
    return [{ path, message: 'is binary, so its content type must not be application/json' }];
  }
  if (isContentType(contentType)) return [];
  return [{ path, message: "must have a content type of the form 'type/subtype', without parameters" }];
}

/** Whether `null` is all that a value of this schema can be. */
export function isOnlyNull(schema: unknown, root: unknown = schema, seen = new Set<unknown>()): boolean {
  if (!isNode(schema) || seen.has(schema)) return false;
  seen.add(schema);
  const { type, const: constant, enum: values, $ref } = schema;
  if (type === 'null' || constant === null) return true;
  if (Array.isArray(type) && type.every((one) => one === 'null')) return true;
  if (Array.isArray(values) && values.every((value) => value === null)) return true;
  if (typeof $ref === 'string') return isOnlyNull(localTarget($ref, root), root, seen);
  return [schema.anyOf, schema.oneOf].some(
    (choices) =>
      Array.isArray(choices) &&
      choices.length > 0 &&
      choices.every((choice) => isOnlyNull(choice, root, new Set(seen))),
  );
}

/** `#/$defs/Name`; undefined for any other reference. */
function localTarget(ref: string, root: unknown): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (isNode(at) && Object.hasOwn(at, key) ? at[key] : undefined), root);
}

const NO_CONTENT_TYPE =
  "is bytes without a content type, so no receiver knows what they are; declare them as Binary('image/png')";
const SAYS_NOTHING = 'says nothing about the value; say what type, fields or items it has';

/** Of the choices of a union. */
const LEFT_OUT =
  'says nothing about the value, so the whole union does not; the reference leaves such a choice (a ' +
  'bare tuple, list or dict) out of its document: leave it out, or say what items or fields it has';

function visit(schema: unknown, path: string, walk: Walk): void {
  const { issues } = walk;
  if (schema === false) return;
  if (!isNode(schema) || isEmpty(schema)) {
    issues.push({ path, message: /\.(?:anyOf|oneOf)\[\d+\]$/.test(path) ? LEFT_OUT : SAYS_NOTHING });
    return;
  }
  if (isBinary(schema)) {
    issues.push({ path, message: 'is binary data inside JSON; only a whole payload can be binary' });
    return;
  }
  if (schema.type === 'string' && schema.format === 'binary') {
    issues.push({ path, message: NO_CONTENT_TYPE });
    return;
  }
  const before = issues.length;
  for (const [key, child] of childrenOf(schema)) visit(child, `${path}.${key}`, walk);
  if (issues.length === before && Object.hasOwn(schema, 'default')) checkDefault(schema, path, walk);
}

function isEmpty(schema: Node): boolean {
  const keywords = Object.keys(schema).filter((key) => !ANNOTATIONS.has(key) && schema[key] !== undefined);
  if (keywords.length === 0) return true;
  if (keywords.some((key) => !FIELD_KEYWORDS.has(key))) return false;
  if (schema.type === 'array') return true;
  return schema.type === 'object' && !namesFields(schema);
}

function namesFields({ properties, additionalProperties }: Node): boolean {
  return isNode(additionalProperties) || (isNode(properties) && Object.keys(properties).length > 0);
}

function* childrenOf(schema: Node): Iterable<[string, unknown]> {
  for (const key of SCHEMA_KEYWORDS) {
    // `additionalProperties: true` beside named fields only says that more may come.
    if (isNode(schema[key]) || (key === 'items' && schema[key] === true)) yield [key, schema[key]];
  }
  for (const key of LIST_KEYWORDS) {
    const list = schema[key];
    if (Array.isArray(list)) for (const [index, child] of list.entries()) yield [`${key}[${index}]`, child];
  }
  for (const key of MAP_KEYWORDS) {
    const map = schema[key];
    if (isNode(map)) for (const [name, child] of Object.entries(map)) yield [`${key}.${name}`, child];
  }
}

function checkDefault(schema: Node, path: string, { root, definitions: given, issues }: Walk): void {
  const { $defs = {}, definitions = {} } = root;
  const whole = schema === root ? schema : { $defs, definitions, ...schema };
  const value = schema.default;
  try {
    const checked = compileCheck(whole, { definitions: given })(value);
    if (checked.ok) return;
    const completed = compileCheck(whole, { mode: 'lenient', definitions: given })(value);
    if (completed.ok && isPartOf(value, completed.value)) return;
    for (const { path: inner, message } of checked.issues) {
      issues.push({
        path: `${path}.default${inner && `.${inner}`}`,
        message: `does not fit the schema: ${message}`,
      });
    }
  } catch {
    // Not compilable on its own, e.g. for a reference to elsewhere in the root: the root's own check covers what it can.
  }
}

/** Whether a default is right as it is, once the defaults of fields that it leaves out are filled in. */
function isPartOf(given: unknown, completed: unknown): boolean {
  if (typeof given !== 'object' || given === null) return given === completed;
  if (typeof completed !== 'object' || completed === null) return false;
  return Object.entries(given).every(([key, value]) => isPartOf(value, (completed as Node)[key]));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
