import type { Issue } from '@intersect-sdk/core';
import { isNode, type JsonSchema, partChildren, type SchemaNode, sameValueChildren } from './json-schema.js';
import { parseRef } from './refs.js';

const MAX_STEPS = 10_000;

/**
 * What would make a check run for ever or nearly so: a type that refers to itself without going into
 * a field or an item, and references that multiply. Gives at most one issue.
 */
export function recursionIssues(
  root: JsonSchema,
  definitions: ReadonlyMap<string, JsonSchema>,
  path: string,
): Issue[] {
  const steps = new Map<SchemaNode, number>();
  const entered = new Set<SchemaNode>();

  const resolve = (ref: unknown): unknown => {
    const target = typeof ref === 'string' ? parseRef(ref) : undefined;
    if (target?.kind !== 'named') return undefined;
    let found: unknown = definitions.get(target.name);
    for (const part of target.inside) {
      found = typeof found === 'object' && found !== null ? (found as SchemaNode)[part] : undefined;
    }
    return found;
  };

  /** How many schemas are tried for one value. */
  const stepsOf = (node: SchemaNode): number => {
    const known = steps.get(node);
    if (known !== undefined) return known;
    if (entered.has(node)) throw new Endless('refers to itself without going into a field or an item');
    entered.add(node);
    let sum = 1;
    for (const child of [...sameValueChildren(node), resolve(node.$ref)]) {
      if (isNode(child)) sum += stepsOf(child);
      if (sum > MAX_STEPS)
        throw new Endless('refers to other types so often that checking would take too long');
    }
    entered.delete(node);
    steps.set(node, sum);
    return sum;
  };

  const pending: unknown[] = [root, ...definitions.values()];
  const visited = new Set<unknown>();
  try {
    while (pending.length > 0) {
      const node = pending.pop();
      if (!isNode(node) || visited.has(node)) continue;
      visited.add(node);
      stepsOf(node);
      pending.push(...sameValueChildren(node), ...partChildren(node));
    }
  } catch (error) {
    if (error instanceof Endless) return [{ path, message: error.message }];
    throw error;
  }
  return [];
}

class Endless extends Error {}
