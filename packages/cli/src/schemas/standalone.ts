import { parseRef } from '@intersect-sdk/contract/internal';
import type { JsonSchema } from '@intersect-sdk/schema/document';

const NAMED_TYPE = '#/components/schemas/';

/** A schema of a document as one that can stand alone: the named types that it refers to stand in it. */
export function standalone(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
): Record<string, unknown> {
  const own = typeof schema === 'boolean' ? { allOf: [schema] } : schema;
  const used = new Set<string>();
  const moved = movedWith((name) => used.add(name));
  const root = moved(own);
  const needed: Record<string, unknown> = {};
  // Grows while it is read: types refer to types.
  for (const name of used) if (Object.hasOwn(definitions, name)) needed[name] = moved(definitions[name]);
  return (used.size === 0 ? root : { ...root, $defs: needed }) as Record<string, unknown>;
}

/** Makes the same with every reference to a named type led to where it stands now. */
function movedWith(onName: (name: string) => void): (value: unknown) => object {
  return (value) =>
    JSON.parse(JSON.stringify(value), (key, item: unknown) => {
      if (key !== '$ref' || typeof item !== 'string' || !item.startsWith(NAMED_TYPE)) return item;
      const target = parseRef(item);
      if (target.kind === 'named') onName(target.name);
      return `#/$defs/${item.slice(NAMED_TYPE.length)}`;
    }) as object;
}
