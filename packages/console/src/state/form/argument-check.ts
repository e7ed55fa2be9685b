import { makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import type { Issue } from '@intersect-sdk/core';
import type { JsonSchema } from '@intersect-sdk/schema/document';

/** Every problem of an argument; none: it fits. */
export type ArgumentCheck = (argument: unknown) => readonly Issue[];

type Definitions = Readonly<Record<string, JsonSchema>>;

const NOTHING_CHECKED: ArgumentCheck = () => [];

/**
 * The check by which a contract's door judges, too: what fits here fits there. A schema that can't be used, which another SDK may have, checks
 * nothing: the service has the last word.
 */
export function argumentCheckOf(schema: JsonSchema, definitions: Definitions): ArgumentCheck {
  try {
    const check = makeCheck(prepareSchema(schema, { definitions }));
    return (argument) => {
      if (argument === undefined) return [{ path: '', message: 'is required' }];
      const result = check(argument);
      return result.ok ? [] : result.issues;
    };
  } catch {
    return NOTHING_CHECKED;
  }
}
