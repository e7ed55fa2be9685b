import { ConfigError, type Issue } from '@intersect-sdk/core';
import { explain } from '../explain.js';
import { failuresOf, newRun } from '../run.js';
import { TestCompiler } from '../test-compiler.js';
import type { JsonSchema } from './json-schema.js';
import { META_SCHEMA } from './meta-schema.js';
import { SchemaCollector } from './schema-collector.js';
import { recursionIssues } from './schema-recursion.js';

const SELF = '(self)';

export interface PrepareOptions {
  /** `components.schemas` of the document that the schema comes from. */
  readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
  /** A keyword to be put beside each `$ref`. */
  readonly marker?: string | undefined;
}

/** A schema that was found to be usable, in one form, whichever form it came in. */
export interface PreparedSchema {
  readonly root: JsonSchema;
  /** The types that `$ref` can name. */
  readonly definitions: ReadonlyMap<string, JsonSchema>;
  readonly usesUnevaluated: boolean;
  /** Whether there is any pattern, or text that has to be one, the steps of which are to be bounded. */
  readonly usesPatterns: boolean;
  /** Whether it compares values that may be objects or lists. */
  readonly comparesObjects: boolean;
  /** The patterns that can't be checked, and why; they are left out. */
  readonly unchecked: readonly Issue[];
}

/**
 * Makes a JSON Schema (draft 2020-12, as TypeBox and pydantic write it) ready to be compiled. Throws ConfigError with
 * every problem of a schema that can't be used: not valid, a reference to nowhere, endless, too large. A pattern
 * is no such problem: one that can't be checked is left out.
 */
export function prepareSchema(schema: JsonSchema, options: PrepareOptions = {}): PreparedSchema {
  try {
    return prepare(schema, options);
  } catch (error) {
    if (error instanceof RangeError) refuseSchema([{ path: '', message: 'is nested too deep' }]);
    throw error;
  }
}

function prepare(schema: JsonSchema, { definitions: given, marker }: PrepareOptions): PreparedSchema {
  const collector = new SchemaCollector({ given, nameOfSelf: SELF, marker, checksPatterns: true });
  const root = collector.add(schema, '');
  collector.finish();
  const { definitions, issues, usesUnevaluated, usesPatterns, comparesObjects, unchecked } = collector;
  // Looking further at what is too large would take long, and at what was cut off be wrong.
  if (collector.isCut) refuseSchema(issues);
  const found = [
    ...issues,
    ...formIssues(root, ''),
    ...[...definitions].flatMap(([name, node]) => formIssues(node, `definitions.${name}.`)),
  ];
  if (found.length > 0) refuseSchema(found);
  const endless = recursionIssues(root, definitions, '');
  if (endless.length > 0) refuseSchema(endless);
  return { root, definitions, usesUnevaluated, usesPatterns, comparesObjects, unchecked };
}

const isSchema = new TestCompiler(new Map([['Schema', META_SCHEMA]])).compile(META_SCHEMA);

/** What keeps something from being a schema. */
function formIssues(schema: JsonSchema, prefix: string): Issue[] {
  const issues = explain(failuresOf(isSchema, schema, newRun(Number.POSITIVE_INFINITY)));
  return issues.map(({ path, message }) => ({ path: prefix + path, message }));
}

function refuseSchema(issues: readonly Issue[]): never {
  throw new ConfigError('The schema cannot be used', issues);
}
