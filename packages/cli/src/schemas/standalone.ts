import type { JsonSchema } from '@intersect-sdk/schema/document';

const NAMED_TYPE = '#/components/schemas/';

/** A schema of a document as one that can stand alone: the named types that it may refer to stand in it. */
export function standalone(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
): Record<string, unknown> {
  const own = typeof schema === 'boolean' ? { allOf: [schema] } : schema;
  if (!JSON.stringify(own).includes(NAMED_TYPE)) return own as Record<string, unknown>;
  return { ...moved(own), $defs: moved(definitions) } as Record<string, unknown>;
}

/** The same with every reference to a named type led to where it stands now. */
function moved(value: unknown): object {
  return JSON.parse(JSON.stringify(value), (key, item: unknown) =>
    key === '$ref' && typeof item === 'string' && item.startsWith(NAMED_TYPE)
      ? `#/$defs/${item.slice(NAMED_TYPE.length)}`
      : item,
  ) as object;
}
