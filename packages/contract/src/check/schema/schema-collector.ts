import type { Issue } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import { whyUnchecked } from '../../pattern/patterns.js';
import { comparesObjects } from './compares-objects.js';
import {
  isNode,
  type JsonSchema,
  SCHEMA_KEYWORDS,
  SCHEMA_LIST_KEYWORDS,
  SCHEMA_MAP_KEYWORDS,
  type SchemaNode,
} from './json-schema.js';
import { isTypeName, parseRef, refTo } from './refs.js';

const MAX_NODES = 20_000;
const MAX_DEPTH = 200;
const DEFINITION_KEYWORDS = ['$defs', 'definitions'];
const DROPPED_KEYWORDS = new Set([...DEFINITION_KEYWORDS, '$id', '$schema', 'additionalItems', 'components']);

/** Where the clone is: `owner` is the named type that `#` means. */
interface Place {
  readonly path: string;
  readonly depth: number;
  readonly owner: string | undefined;
}

export interface CollectorOptions {
  /** `components.schemas` of the document that the schemas come from; taken over as far as they are used. */
  readonly given?: Readonly<Record<string, JsonSchema>> | undefined;
  /** The name for a schema without `$id` that refers to itself. Without one that is a problem. */
  readonly nameOfSelf?: string | undefined;
  /** A keyword to be put beside each `$ref`. */
  readonly marker?: string | undefined;
  /** Whether patterns are going to be checked: then those that can't be are left out. */
  readonly checksPatterns?: boolean | undefined;
}

/**
 * Takes schemas in and gives them back as plain JSON in one form: every type with an `$id`, and every
 * entry of `$defs`, stands among the `definitions` and is referred to as `#/components/schemas/<name>`.
 * Bounded in size and depth, so that no schema can keep a program busy.
 */
export class SchemaCollector {
  readonly definitions = new Map<string, JsonSchema>();
  readonly issues: Issue[] = [];
  /** The patterns that were left out. */
  readonly unchecked: Issue[] = [];
  /** Whether any of the schemas has an `unevaluated...` keyword. */
  usesUnevaluated = false;
  /** Whether any of the schemas has patterns, or texts that have to be some. */
  usesPatterns = false;
  /** Whether any of the schemas compares values that may be objects or lists. */
  comparesObjects = false;
  /** Whether a part was left out because the schema is too large or too deep. */
  isCut = false;

  readonly #options: CollectorOptions;
  readonly #marker: SchemaNode;
  readonly #sources = new Map<string, unknown>();
  readonly #wanted = new Map<string, string>();
  /** The given types that were taken over. */
  readonly #taken = new Set<string>();
  readonly #twins: { readonly name: string; readonly path: string; readonly copy: JsonSchema }[] = [];
  #nodes = 0;

  constructor(options: CollectorOptions = {}) {
    this.#options = options;
    this.#marker = options.marker === undefined ? {} : { [options.marker]: true };
  }

  add(schema: unknown, path: string): JsonSchema {
    const self = this.#options.nameOfSelf;
    if (self !== undefined && isNode(schema) && typeof schema.$id !== 'string' && usesSelf(schema)) {
      return this.#name(self, schema, { path, depth: 0, owner: undefined });
    }
    return this.#schema(schema, { path, depth: 0, owner: undefined });
  }

  /** Call after the last `add`: remembers what is missing or named twice. */
  finish(): void {
    for (const [name, path] of this.#wanted) {
      if (!this.definitions.has(name)) {
        this.issues.push({ path, message: `refers to the type '${shortened(name)}', which is not defined` });
      }
    }
    for (const { name, path, copy } of this.#twins) {
      if (canonical(this.definitions.get(name)) !== canonical(copy)) {
        const message = `is another type than the one that is already called '${shortened(name)}'; give one of them another name`;
        this.issues.push({ path, message });
      }
    }
  }

  #schema(schema: unknown, place: Place): JsonSchema {
    if (typeof schema === 'boolean') return schema;
    if (!isNode(schema)) {
      this.issues.push({ path: place.path, message: `must be a JSON Schema, got ${kindOf(schema)}` });
      return true;
    }
    if (++this.#nodes > MAX_NODES || place.depth > MAX_DEPTH) {
      const limit =
        place.depth > MAX_DEPTH
          ? `is nested deeper than ${MAX_DEPTH} levels`
          : `has more than ${MAX_NODES} parts`;
      this.isCut = true;
      // Once is enough: all that follows would be cut off too.
      if (!this.issues.some(({ message }) => message === limit))
        this.issues.push({ path: place.path, message: limit });
      return true;
    }
    if (typeof schema.$id === 'string' && isTypeName(schema.$id))
      return this.#name(schema.$id, schema, place);
    return this.#node(schema, place);
  }

  #name(name: string, source: unknown, place: Place): JsonSchema {
    const known = this.#sources.has(name);
    if (!known || this.#sources.get(name) !== source) {
      if (!known) this.#sources.set(name, source);
      const inner = { ...place, owner: name };
      const copy = isNode(source) ? this.#node(source, inner) : this.#schema(source, inner);
      if (known) this.#twins.push({ name, path: place.path, copy });
      else this.definitions.set(name, copy);
    }
    return { $ref: refTo(name), ...this.#marker };
  }

  #node(node: SchemaNode, place: Place): JsonSchema {
    for (const key of DEFINITION_KEYWORDS) {
      const map = node[key];
      if (!isNode(map)) continue;
      for (const [name, definition] of Object.entries(map)) {
        this.#named(name, definition, this.#below(place, `${key}.${name}`));
      }
    }
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(node)) {
      if (value === undefined || DROPPED_KEYWORDS.has(key)) continue;
      this.usesUnevaluated ||= key.startsWith('unevaluated');
      this.usesPatterns ||= isAboutPatterns(key, value);
      this.comparesObjects ||= comparesObjects(key, node);
      if (key === 'items' && Array.isArray(value)) entries.push(...this.#tuple(node, value, place));
      else if (key === 'pattern' && !this.#isUsable(value, this.#below(place, key))) continue;
      else entries.push([key, this.#keyword(key, value, this.#below(place, key))]);
    }
    return { ...Object.fromEntries(entries), ...(node.$ref === undefined ? {} : this.#marker) };
  }

  #named(key: string, definition: unknown, place: Place): void {
    const id = isNode(definition) && typeof definition.$id === 'string' ? definition.$id : key;
    this.#name(isTypeName(id) ? id : key, definition, place);
  }

  #keyword(key: string, value: unknown, place: Place): unknown {
    if (key === '$ref') return this.#ref(value, place);
    if (SCHEMA_KEYWORDS.has(key)) return this.#schema(value, place);
    if (SCHEMA_LIST_KEYWORDS.has(key) && Array.isArray(value)) {
      return value.map((item, index) => this.#schema(item, { ...place, path: `${place.path}[${index}]` }));
    }
    if (SCHEMA_MAP_KEYWORDS.has(key) && isNode(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) =>
          key === 'patternProperties' && !this.#isUsable(name, place)
            ? // A field that may match it is no unknown one.
              ['', true]
            : [name, this.#schema(item, this.#below(place, name))],
        ),
      );
    }
    return this.#plain(value, place.path);
  }

  /** Remembers that a pattern is left out. */
  #isUsable(pattern: unknown, { path }: Place): boolean {
    if (!this.#options.checksPatterns || typeof pattern !== 'string') return true;
    const reason = whyUnchecked(pattern);
    if (reason === undefined) return true;
    this.unchecked.push({ path, message: `is not checked: the pattern ${shortened(pattern)} ${reason}` });
    return false;
  }

  // The form of older drafts, which TypeBox's tuples have, to that of draft 2020-12.
  #tuple(node: SchemaNode, items: readonly unknown[], place: Place): [string, unknown][] {
    const at = this.#below(place, 'items');
    const prefixItems = items.map((item, index) =>
      this.#schema(item, { ...at, path: `${at.path}[${index}]` }),
    );
    if (node.additionalItems === false) {
      return [
        ['prefixItems', prefixItems],
        ['maxItems', items.length],
      ];
    }
    const rest = node.additionalItems;
    return rest === undefined
      ? [['prefixItems', prefixItems]]
      : [
          ['prefixItems', prefixItems],
          ['items', this.#schema(rest, this.#below(place, 'additionalItems'))],
        ];
  }

  #ref(ref: unknown, place: Place): unknown {
    if (typeof ref !== 'string') {
      this.issues.push({ path: place.path, message: `must be a string, got ${kindOf(ref)}` });
      return '#';
    }
    const target = parseRef(ref);
    if (target.kind === 'foreign') {
      this.issues.push({ path: place.path, message: 'refers to something outside of the schema' });
      return '#';
    }
    const name = target.kind === 'named' ? target.name : (place.owner ?? this.#options.nameOfSelf);
    if (name === undefined) {
      this.issues.push({
        path: place.path,
        message: 'refers to the schema it stands in, which needs an $id for that',
      });
      return '#';
    }
    if (!this.#wanted.has(name)) this.#wanted.set(name, place.path);
    // The `$defs` of a schema are its own: a given type of the same name is not meant.
    const isOwn = target.kind === 'named' && target.isLocal && this.#sources.has(name);
    if (!isOwn) this.#takeGiven(name, place.depth + 1);
    return refTo(name, target.inside);
  }

  /** Takes over a given type at its first mention, also where another schema has its name already: then it is told whether that is the same. */
  #takeGiven(name: string, depth: number): void {
    const { given } = this.#options;
    if (!given || !Object.hasOwn(given, name) || this.#taken.has(name)) return;
    this.#taken.add(name);
    this.#name(name, given[name], { path: `definitions.${name}`, depth, owner: undefined });
  }

  #plain(value: unknown, path: string): unknown {
    if (typeof value !== 'object' || value === null) {
      if (typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint') return value;
    } else {
      try {
        return JSON.parse(JSON.stringify(value)) as unknown;
      } catch {
        // Said below.
      }
    }
    this.issues.push({ path, message: 'cannot be carried as JSON' });
    return null;
  }

  #below(place: Place, key: string): Place {
    return { ...place, path: place.path ? `${place.path}.${key}` : key, depth: place.depth + 1 };
  }
}

/** JSON text that does not depend on the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isNode(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Whether any `$ref` in the schema means the whole schema or a place in it that has no name. */
function usesSelf(schema: SchemaNode): boolean {
  const seen = new Set<unknown>();
  const visit = (value: unknown, depth: number): boolean => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > MAX_DEPTH) return false;
    seen.add(value);
    const ref = (value as SchemaNode).$ref;
    if (typeof ref === 'string' && parseRef(ref).kind === 'self') return true;
    return Object.values(value).some((item) => visit(item, depth + 1));
  };
  return visit(schema, 0);
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 50)}...` : name;
}

function isAboutPatterns(key: string, value: unknown): boolean {
  return key === 'pattern' || key === 'patternProperties' || (key === 'format' && value === 'regex');
}
