import {
  isNode,
  type JsonSchema,
  parseRef,
  SCHEMA_KEYWORDS,
  SCHEMA_LIST_KEYWORDS,
  SCHEMA_MAP_KEYWORDS,
} from '@intersect-sdk/contract/internal';

/** AsyncAPI's own dialect has no tuples, so each schema says which one it is written in. */
const SCHEMA_FORMAT = 'application/schema+json;version=2020-12';

/** The keys of components: AsyncAPI takes letters, digits, `.`, `-` and `_`. Different names get different keys. */
export function componentKeys(names: Iterable<string>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of [...names].toSorted()) {
    const plain = name.replaceAll(/[^\w.-]/g, '_') || '_';
    let key = plain;
    for (let number = 2; taken.has(key); number++) key = `${plain}-${number}`;
    taken.add(key);
    keys.set(name, key);
  }
  return keys;
}

/** A schema as AsyncAPI 3 has those of other dialects than its own, with references to where the named types stand now. */
export function schemaForm(schema: JsonSchema, keys: ReadonlyMap<string, string>): object {
  return { schemaFormat: SCHEMA_FORMAT, schema: moved(schema, keys) };
}

function moved(schema: unknown, keys: ReadonlyMap<string, string>): unknown {
  if (!isNode(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === '$ref' && typeof value === 'string') return [key, movedRef(value, keys)];
    if (SCHEMA_KEYWORDS.has(key)) return [key, moved(value, keys)];
    if (SCHEMA_LIST_KEYWORDS.has(key) && Array.isArray(value))
      return [key, value.map((item) => moved(item, keys))];
    if (SCHEMA_MAP_KEYWORDS.has(key) && isNode(value)) {
      return [
        key,
        Object.fromEntries(Object.entries(value).map(([name, item]) => [name, moved(item, keys)])),
      ];
    }
    if (key === 'discriminator' && isNode(value)) return [key, movedMapping(value, keys)];
    return [key, value];
  });
  return Object.fromEntries(entries);
}

/** Where a choice of a union is found by the value of its tag. */
function movedMapping(
  discriminator: Readonly<Record<string, unknown>>,
  keys: ReadonlyMap<string, string>,
): object {
  const { mapping } = discriminator;
  if (!isNode(mapping)) return discriminator;
  const entries = Object.entries(mapping).map(([tag, ref]) => [
    tag,
    typeof ref === 'string' ? movedRef(ref, keys) : ref,
  ]);
  return { ...discriminator, mapping: Object.fromEntries(entries) };
}

function movedRef(ref: string, keys: ReadonlyMap<string, string>): string {
  const target = parseRef(ref);
  if (target.kind !== 'named') return ref;
  const inside = target.inside.map((part) =>
    encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return ['#/components/schemas', keys.get(target.name) ?? target.name, 'schema', ...inside].join('/');
}
