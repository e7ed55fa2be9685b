import { isNode, type JsonSchema, parseRef, type SchemaNode } from '@intersect-sdk/contract/internal';
import { commentOf } from './comment.js';
import type { Names } from './names.js';
import { type Direction, hasDefault, type TypeContext, typeText } from './type-text.js';

interface NamedType {
  readonly schema: JsonSchema;
  readonly name: string;
  /** The name for values that are sent to the service; the same where it makes no difference. */
  readonly inputName: string;
}

/** The types that the schemas of a document are written with, in one form (`SchemaCollector`). */
export class DocumentTypes {
  readonly #types = new Map<string, NamedType>();
  readonly #schemas: ReadonlyMap<string, JsonSchema>;

  constructor(schemas: ReadonlyMap<string, JsonSchema>, used: Iterable<JsonSchema>, names: Names) {
    this.#schemas = schemas;
    const refs = new Set(
      [...schemas.keys()].toSorted().map((name) => `#/components/schemas/${escaped(name)}`),
    );
    // A reference into a type is to a type of its own: what it leads to may lead back.
    for (const schema of [...schemas.values(), ...used]) for (const ref of refsIn(schema)) refs.add(ref);
    const found = [...refs].map((ref) => ({
      ref,
      schema: this.resolve(ref) ?? true,
      name: names.take(wantedName(ref)),
    }));
    const differing = new Set(
      found.filter(({ schema }) => this.#differs(schema, new Set())).map(({ ref }) => ref),
    );
    for (const { ref, schema, name } of found) {
      const inputName = differing.has(ref) ? names.take(`${name}Input`) : name;
      this.#types.set(ref, { schema, name, inputName });
    }
  }

  /** The type of a payload. */
  text(schema: JsonSchema, direction: Direction): string {
    return typeText(schema, this.#context(direction));
  }

  /** The declarations of all named types, a type for requests after the one for answers where they differ. */
  declarations(): string[] {
    return [...this.#types.values()].flatMap(({ schema, name, inputName }) => [
      declaration(name, schema, this.text(schema, 'answer')),
      ...(inputName === name ? [] : [declaration(inputName, schema, this.text(schema, 'request'))]),
    ]);
  }

  /** What a `$ref` of the document means. */
  resolve(ref: string): JsonSchema | undefined {
    const target = parseRef(ref);
    if (target.kind !== 'named') return undefined;
    let found: unknown = this.#schemas.get(target.name);
    for (const part of target.inside) {
      found = typeof found === 'object' && found !== null ? (found as SchemaNode)[part] : undefined;
    }
    return typeof found === 'boolean' || isNode(found) ? found : undefined;
  }

  #context(direction: Direction): TypeContext {
    return {
      direction,
      nameOf: (ref) => {
        const type = this.#types.get(ref);
        return (direction === 'request' ? type?.inputName : type?.name) ?? 'unknown';
      },
      resolve: (ref) => this.resolve(ref),
    };
  }

  /** Whether a value is another one on its way out than on its way in: somewhere in it a field may be left out for its default. */
  #differs(schema: unknown, seen: Set<string>): boolean {
    if (Array.isArray(schema)) return schema.some((item) => this.#differs(item, seen));
    if (!isNode(schema)) return false;
    if (hasDefaults(schema)) return true;
    if (typeof schema.$ref === 'string' && !seen.has(schema.$ref)) {
      seen.add(schema.$ref);
      if (this.#differs(this.resolve(schema.$ref), seen)) return true;
    }
    return Object.entries(schema).some(([key, value]) => !VALUES.has(key) && this.#differs(value, seen));
  }
}

/** Keywords whose value is no schema, whatever it looks like. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'discriminator']);

function hasDefaults({ properties, required, prefixItems, minItems }: SchemaNode): boolean {
  const always = new Set(Array.isArray(required) ? required : []);
  const items = Array.isArray(prefixItems) ? prefixItems.slice(Number(minItems ?? 0)) : [];
  const fields = isNode(properties) ? Object.entries(properties).filter(([name]) => !always.has(name)) : [];
  return [...items, ...fields.map(([, field]) => field)].some(hasDefault);
}

function* refsIn(value: unknown): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield* refsIn(item);
  if (!isNode(value)) return;
  if (typeof value.$ref === 'string') yield value.$ref;
  for (const [key, item] of Object.entries(value)) if (!VALUES.has(key)) yield* refsIn(item);
}

function wantedName(ref: string): string {
  const target = parseRef(ref);
  return target.kind === 'named' ? [target.name, ...target.inside].join(' ') : 'Type';
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function declaration(name: string, schema: JsonSchema, text: string): string {
  return [...commentOf(schema), `export type ${name} = ${text};`].join('\n');
}
