import { ConfigError, type Issue } from '@intersect-sdk/core';
import { compileWith, type ErrorObject, engine, type ValidateFunction } from './ajv.js';
import { explain } from './explain.js';
import { pathOf } from './issue-path.js';
import { isNode, type JsonSchema } from './json-schema.js';
import { prepareLeniently } from './lenient.js';
import { mayTakeForever } from './patterns.js';
import { SchemaCollector } from './schema-collector.js';
import { recursionIssues } from './schema-recursion.js';
import { sentenceOf } from './sentences.js';

/** What a check says: the value to go on with, or everything that is wrong with it. */
export type CheckResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Checks a value. Never throws, never changes what it is given, and shows nothing of it in the issues but kinds and names of fields. */
export type Check = (value: unknown) => CheckResult;

export interface CompileOptions {
  /** `components.schemas` of the document that the schema comes from. */
  readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
  /**
   * `strict` takes only what fits as it is, and gives back the very value. `lenient` gives back a copy
   * with defaults filled in and with the conversions of the reference: `"5"` is 5 where a number is
   * asked for. Default `strict`.
   */
  readonly mode?: 'strict' | 'lenient' | undefined;
}

const SELF = '(self)';

/**
 * Compiles a JSON Schema (draft 2020-12, as TypeBox and pydantic write it) to a check. The first call
 * of a process loads the validator, which takes some 50 ms. It makes code from text: it can't be used
 * on a page whose Content-Security-Policy forbids `eval`. Throws ConfigError with every problem of a
 * schema that can't be used: not valid, a reference to nowhere, endless, too large, a pattern that can
 * take exponential time.
 */
export function compileCheck(schema: JsonSchema, options: CompileOptions = {}): Check {
  try {
    return compile(schema, options);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const message =
      error instanceof RangeError
        ? 'is nested too deep'
        : 'cannot be compiled; a part of it is not valid JSON Schema';
    throw new ConfigError('The schema cannot be used', [{ path: '', message }], { cause: error });
  }
}

function compile(schema: JsonSchema, { definitions: given, mode = 'strict' }: CompileOptions): Check {
  const collector = new SchemaCollector({ given, nameOfSelf: SELF });
  const root = collector.add(schema, '');
  collector.finish();
  const { definitions } = collector;
  const all = [
    ['', root],
    ...[...definitions].map(([name, node]) => [`definitions.${name}`, node] as const),
  ] as const;
  throwIfAny([...collector.issues, ...all.flatMap(([path, node]) => schemaIssues(node, path))]);
  throwIfAny(recursionIssues(root, definitions, ''));

  const components = { schemas: Object.fromEntries(definitions) };
  const complete = (node: JsonSchema): JsonSchema => (isNode(node) ? { ...node, components } : node);
  const branches = {
    quick: cached((branch: JsonSchema) => compileWith('quick', complete(branch))),
    thorough: cached((branch: JsonSchema) => compileWith('thorough', complete(branch))),
  };
  const quick = branches.quick(root);
  const fits = (branch: JsonSchema, value: unknown): boolean => branches.quick(branch)(value);

  return (given) => {
    try {
      const value = mode === 'lenient' ? prepareLeniently(root, given, { definitions, fits }) : given;
      if (quick(value)) return { ok: true, value };
      const first = [...(quick.errors ?? [])];
      const errors = isSmall(value) ? errorsOf(branches.thorough(root), value) : first.slice(-1);
      return { ok: false, issues: explain(errors, branches.thorough) };
    } catch (error) {
      if (error instanceof RangeError)
        return { ok: false, issues: [{ path: '', message: 'is nested too deep' }] };
      throw error;
    }
  };
}

function schemaIssues(node: JsonSchema, path: string): Issue[] {
  const prefix = path ? `${path}.` : '';
  const meta = engine('meta');
  const issues: Issue[] = [];
  if (!meta.validateSchema(node)) {
    const errors = (meta.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf');
    issues.push(
      ...errors.map((error) => ({
        path: `${prefix}${pathOf(error.instancePath)}`,
        message: sentenceOf(error),
      })),
    );
  }
  for (const [at, pattern] of patternsOf(node, '')) {
    if (mayTakeForever(pattern)) {
      issues.push({
        path: `${prefix}${at}`,
        message:
          'can take exponential time: a repetition within a repeated group, with nothing between its rounds',
      });
    }
  }
  return issues;
}

function* patternsOf(node: unknown, path: string): Iterable<readonly [string, string]> {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* patternsOf(item, `${path}[${index}]`);
  } else if (isNode(node)) {
    for (const [key, value] of Object.entries(node)) {
      const at = path ? `${path}.${key}` : key;
      if (key === 'pattern' && typeof value === 'string') yield [at, value];
      else if (key === 'patternProperties' && isNode(value)) {
        for (const [pattern, inner] of Object.entries(value)) {
          yield [at, pattern];
          yield* patternsOf(inner, at);
        }
      } else if (key !== 'default' && key !== 'const' && key !== 'enum' && key !== 'examples') {
        yield* patternsOf(value, at);
      }
    }
  }
}

function cached(make: (branch: JsonSchema) => ValidateFunction): (branch: JsonSchema) => ValidateFunction {
  const made = new Map<JsonSchema, ValidateFunction>();
  return (branch) => {
    const check = made.get(branch) ?? make(branch);
    made.set(branch, check);
    return check;
  };
}

const SMALL_NODES = 5_000;
const SMALL_DEPTH = 20;

// All errors of a large or deep value could fill the memory or take for ever: there the first one has to do.
function isSmall(value: unknown): boolean {
  let nodes = 0;
  const visit = (item: unknown, depth: number): boolean => {
    if (++nodes > SMALL_NODES || depth > SMALL_DEPTH) return false;
    if (typeof item !== 'object' || item === null) return true;
    return Object.values(item).every((part) => visit(part, depth + 1));
  };
  return visit(value, 0);
}

function errorsOf(check: ValidateFunction, value: unknown): ErrorObject[] {
  check(value);
  return [...(check.errors ?? [])];
}

function throwIfAny(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new ConfigError('The schema cannot be used', issues);
}
