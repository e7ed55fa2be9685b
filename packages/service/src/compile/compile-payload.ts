import { binaryCheck, isBinary } from '@intersect-sdk/contract/internal';
import { encodePayload, type Issue, isIntersectError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, joinPaths, kindOf } from '@intersect-sdk/core/internal';
import { type Check, type CompileOptions, compileCheck } from '@intersect-sdk/schema';
import type { CompiledPayload } from './compiled.js';
import { schemaProblems } from './schema-problems.js';

/** Where something stands in the input, and where its problems go. */
export interface Place {
  readonly path: string;
  readonly issues: Issue[];
}

const ACCEPT_ALL: Check = (value) => ({ ok: true, value });
const UNUSABLE: CompiledPayload = {
  contentType: DEFAULT_CONTENT_TYPE,
  check: ACCEPT_ALL,
  makeDefault: undefined,
};

/** Compiles the schema of a payload. Adds every problem; use the result only if none was added. */
export function compilePayload(
  schema: unknown,
  { mode, definitions }: Pick<CompileOptions, 'mode' | 'definitions'>,
  place: Place,
): CompiledPayload {
  const { path, issues } = place;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    // That one is missing is said by the table of the declaration.
    if (schema !== undefined) issues.push({ path, message: `must be a JSON Schema, got ${kindOf(schema)}` });
    return UNUSABLE;
  }
  if (isBinary(schema)) {
    issues.push(...schemaProblems(schema, path));
    return { contentType: schema.contentMediaType, check: binaryCheck(schema), makeDefault: undefined };
  }
  try {
    const check = compileCheck(schema, {
      mode,
      definitions,
      // Of a stranger's schema such a pattern is left out; here who declares it can mend it.
      onUnchecked: (issue) =>
        issues.push({
          path: joinPaths(path, issue.path),
          message: `${issue.message}; write it without that, or leave it out and look at the text in the handler`,
        }),
    });
    issues.push(...schemaProblems(schema, path, definitions));
    return { contentType: DEFAULT_CONTENT_TYPE, check, makeDefault: defaultOf(schema, check, place) };
  } catch (error) {
    issues.push(...compileProblems(error, path));
    return UNUSABLE;
  }
}

function defaultOf(schema: object, check: Check, { path, issues }: Place): (() => unknown) | undefined {
  if (!Object.hasOwn(schema, 'default')) return undefined;
  const fallback = (schema as { readonly default: unknown }).default;
  try {
    encodePayload(fallback, DEFAULT_CONTENT_TYPE);
  } catch {
    issues.push({ path: `${path}.default`, message: 'cannot be carried as JSON' });
    return undefined;
  }
  return () => {
    const copy: unknown = structuredClone(fallback);
    const checked = check(copy);
    return checked.ok ? checked.value : copy;
  };
}

function compileProblems(error: unknown, path: string): Issue[] {
  const { issues } = error as { readonly issues?: readonly Issue[] };
  if (isIntersectError(error) && issues?.length) {
    return issues.map((issue) => ({
      path: joinPaths(path, issue.path),
      message: issue.message,
    }));
  }
  const reason = error instanceof Error ? error.message : String(error);
  return [{ path, message: `is not a schema that can be compiled: ${reason}` }];
}
