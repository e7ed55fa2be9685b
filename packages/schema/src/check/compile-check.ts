import { ConfigError, type Issue } from '@intersect-sdk/core';
import { SchemaCollector } from '../document/schema-collector.js';
import { allowSteps, compileWith, engine, STEP_KEYWORD, TooManySteps, type ValidateFunction } from './ajv.js';
import { type BranchChecks, explain, issueOf } from './explain.js';
import { pathOf } from './issue-path.js';
import { isNode, type JsonSchema } from './json-schema.js';
import { prepareLeniently } from './lenient.js';
import { mayTakeForever } from './patterns.js';
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

// Types that are several kinds of themselves are tried in every combination; nothing else comes near these.
const MIN_STEPS = 50_000;
const STEPS_PER_PART = 20;

// Where the counting of a value ends, which may go round in circles.
const MOST_PARTS = 1_000_000;

const MOST_PARTS_TO_EXPLAIN = 5_000;

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
  const collector = new SchemaCollector({ given, nameOfSelf: SELF, marker: STEP_KEYWORD });
  const root = collector.add(schema, '');
  collector.finish();
  // Looking further at what is too large would take long, and at what was cut off be wrong.
  if (collector.isCut) throwIfAny(collector.issues);
  const { definitions } = collector;
  const all = [
    ['', root],
    ...[...definitions].map(([name, node]) => [`definitions.${name}`, node] as const),
  ] as const;
  throwIfAny([...collector.issues, ...all.flatMap(([path, node]) => schemaIssues(node, path))]);
  throwIfAny(recursionIssues(root, definitions, ''));

  const components = { schemas: Object.fromEntries(definitions) };
  const complete = (node: JsonSchema): JsonSchema => (isNode(node) ? { ...node, components } : node);
  const unevaluated = collector.usesUnevaluated;
  const checksOf = (kind: 'quick' | 'thorough'): BranchChecks =>
    cached((branch) => compileWith({ kind, unevaluated }, complete(branch)));
  const quick = checksOf('quick');
  const thorough = checksOf('thorough');
  const check = quick(root);
  const fits = (branch: JsonSchema, value: unknown): boolean => quick(branch)(value);

  return (given) => {
    try {
      // Without references there is nothing that could go on for too long.
      allowSteps(definitions.size === 0 ? 0 : MIN_STEPS + STEPS_PER_PART * partsOf(given, MOST_PARTS));
      const value = mode === 'lenient' ? prepareLeniently(root, given, { definitions, fits }) : given;
      if (check(value)) return { ok: true, value };
      const last = check.errors?.slice(-1) ?? [];
      return { ok: false, issues: allIssues(value, root, thorough) ?? last.map(issueOf) };
    } catch (error) {
      const message = unfinished(error);
      if (message === undefined) throw error;
      return { ok: false, issues: [{ path: '', message }] };
    }
  };
}

/** Undefined where collecting all errors could fill the memory or take too long. */
function allIssues(value: unknown, root: JsonSchema, checks: BranchChecks): Issue[] | undefined {
  if (partsOf(value, MOST_PARTS_TO_EXPLAIN) > MOST_PARTS_TO_EXPLAIN) return undefined;
  try {
    allowSteps(MIN_STEPS);
    const check = checks(root);
    check(value);
    return explain([...(check.errors ?? [])], checks);
  } catch (error) {
    if (unfinished(error) === undefined) throw error;
    return undefined;
  }
}

function unfinished(error: unknown): string | undefined {
  if (error instanceof TooManySteps) {
    return 'takes too long to check: its type is several kinds of itself, and it is nested deep';
  }
  return error instanceof RangeError ? 'is nested too deep' : undefined;
}

function schemaIssues(node: JsonSchema, path: string): Issue[] {
  const prefix = path ? `${path}.` : '';
  const meta = engine({ kind: 'meta', unevaluated: true });
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

function cached(make: BranchChecks): BranchChecks {
  const made = new Map<JsonSchema, ValidateFunction>();
  return (branch) => {
    const check = made.get(branch) ?? make(branch);
    made.set(branch, check);
    return check;
  };
}

/** How many values there are in a value, itself included; counts no further than a little beyond `limit`. */
function partsOf(value: unknown, limit: number): number {
  const pending = [value];
  let parts = 0;
  while (pending.length > 0 && parts <= limit) {
    const item = pending.pop();
    parts++;
    if (typeof item === 'object' && item !== null) {
      for (const part of Object.values(item)) pending.push(part);
    }
  }
  return parts;
}

function throwIfAny(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new ConfigError('The schema cannot be used', issues);
}
