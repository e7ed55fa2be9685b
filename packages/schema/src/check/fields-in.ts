import { isNode, type SchemaNode } from '@intersect-sdk/contract/internal';
import { listOf } from './convert-scalar.js';

const MAX_DEPTH = 8;

interface Surroundings {
  /** The schema that a `$ref` names. */
  readonly resolve: (ref: string) => unknown;
  readonly depth?: number | undefined;
}

/**
 * How many of an object's fields, and of the objects in it, a schema names. The reference takes this as the measure of which form
 * of a union is meant. Further unions inside are not looked into: that would try every combination.
 */
export function fieldsIn(schema: unknown, value: SchemaNode, { resolve, depth = 0 }: Surroundings): number {
  if (!isNode(schema) || depth > MAX_DEPTH) return 0;
  const within = (part: unknown, of: unknown): number =>
    isNode(of) ? fieldsIn(part, of, { resolve, depth: depth + 1 }) : 0;
  let fields = typeof schema.$ref === 'string' ? within(resolve(schema.$ref), value) : 0;
  for (const part of listOf(schema.allOf)) fields += within(part, value);
  if (!isNode(schema.properties)) return fields;
  for (const [key, property] of Object.entries(schema.properties)) {
    if (Object.hasOwn(value, key)) fields += 1 + within(property, value[key]);
  }
  return fields;
}
