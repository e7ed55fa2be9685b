import {
  canonicalText,
  equalityKey,
  isNode,
  type JsonSchema,
  parseRef,
  type SchemaNode,
} from '@intersect-sdk/contract/internal';
import { convertScalar, listOf } from './convert-scalar.js';
import { fieldsIn } from './fields-in.js';

export interface PreparationContext {
  readonly definitions: ReadonlyMap<string, JsonSchema>;
  /** Whether a value fits a branch of the schema as it is. */
  readonly fits: (branch: JsonSchema, value: unknown) => boolean;
  /** Whether values of one type become values of another, such as text a number. */
  readonly isLenient: boolean;
}

// Unions of unions are tried in every combination; beyond this many steps the value stays as it is.
const MAX_STEPS = 100_000;
// A value that holds itself is never at its end; payloads are nested at most so deep.
const MAX_DEPTH = 512;

/**
 * The value as the reference hands it to a handler: with defaults filled in, also those of the last items of a tuple, with repeated
 * items of a set dropped, and with what `convertScalar` converts. The value given is left as it is.
 */
export function prepareValue(schema: JsonSchema, value: unknown, context: PreparationContext): unknown {
  return new Preparation(context).apply(schema, value);
}

class Preparation {
  readonly #context: PreparationContext;
  #steps = 0;
  #depth = 0;

  constructor(context: PreparationContext) {
    this.#context = context;
  }

  apply(schema: unknown, value: unknown, isNamed = false): unknown {
    if (!isNode(schema) || ++this.#steps > MAX_STEPS) return value;
    let result = value;
    if (typeof schema.$ref === 'string') result = this.apply(this.#resolve(schema.$ref), result, true);
    for (const part of listOf(schema.allOf)) result = this.apply(part, result);
    for (const union of [listOf(schema.anyOf), listOf(schema.oneOf)]) {
      if (union.length > 0) result = this.#union(union, result);
    }
    return this.#inside(
      schema,
      convertScalar(schema, result, { isLenient: this.#context.isLenient, isNamed }),
    );
  }

  #inside(schema: SchemaNode, value: unknown): unknown {
    if (!Array.isArray(value) && !isPlain(value)) return value;
    if (++this.#depth > MAX_DEPTH) throw new RangeError('The value is nested too deep');
    const result = Array.isArray(value) ? this.#list(schema, value) : this.#object(schema, value);
    this.#depth -= 1;
    return result;
  }

  /**
   * As the reference chooses: the form that names most of the fields given, of those one that the value fits as it is, of those
   * the first.
   */
  #union(branches: readonly unknown[], value: unknown): unknown {
    const { fits } = this.#context;
    for (const group of this.#byFields(branches, value)) {
      const exact = group.find((branch) => fits(branch, value));
      if (exact !== undefined) return this.apply(exact, value);
      for (const branch of group) {
        const candidate = this.apply(branch, value);
        if (fits(branch, candidate)) return candidate;
      }
    }
    return value;
  }

  /** Forms that name equally many of the fields given, those that name most first. */
  #byFields(branches: readonly unknown[], value: unknown): Iterable<readonly JsonSchema[]> {
    if (!isPlain(value)) return [branches as readonly JsonSchema[]];
    const groups = new Map<number, JsonSchema[]>();
    for (const branch of branches) {
      const fields = fieldsIn(branch, value, { resolve: (ref) => this.#resolve(ref) });
      groups.set(fields, [...(groups.get(fields) ?? []), branch as JsonSchema]);
    }
    return [...groups].toSorted(([one], [other]) => other - one).map(([, group]) => group);
  }

  #list(schema: SchemaNode, list: readonly unknown[]): unknown {
    const prefix = listOf(schema.prefixItems);
    if (prefix.length === 0 && !isNode(schema.items) && schema.uniqueItems !== true) return list;
    const items = list.map((item, index) =>
      this.apply(index < prefix.length ? prefix[index] : schema.items, item),
    );
    for (const item of prefix.slice(items.length)) {
      if (!hasDefault(item)) break;
      items.push(structuredClone(item.default));
    }
    return schema.uniqueItems === true ? withoutRepeats(items) : items;
  }

  #object(schema: SchemaNode, object: SchemaNode): unknown {
    const properties = isNode(schema.properties) ? schema.properties : {};
    const patterns = isNode(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
    const entries = Object.entries(object).map(([key, field]) => {
      if (Object.hasOwn(properties, key)) return [key, this.apply(properties[key], field)];
      // Keys that match none are checked by the validator; patterns are few, and mostly one that takes all.
      const matching = patterns.length === 1 ? patterns[0]?.[1] : undefined;
      return [key, this.apply(matching ?? schema.additionalProperties, field)];
    });
    for (const [key, property] of Object.entries(properties)) {
      if (Object.hasOwn(object, key) || !hasDefault(property)) continue;
      entries.push([key, structuredClone(property.default)]);
    }
    return Object.fromEntries(entries);
  }

  #resolve(ref: string): unknown {
    const target = parseRef(ref);
    if (target.kind !== 'named') return undefined;
    let found: unknown = this.#context.definitions.get(target.name);
    for (const part of target.inside) found = isNode(found) ? found[part] : undefined;
    return found;
  }
}

function hasDefault(schema: unknown): schema is SchemaNode & { readonly default: unknown } {
  return isNode(schema) && Object.hasOwn(schema, 'default');
}

function withoutRepeats(items: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const key = typeof item === 'object' && item !== null ? canonicalText(item) : equalityKey(item);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

// Dates and the like may be handed in by a program itself; only what JSON has is converted.
function isPlain(value: unknown): value is SchemaNode {
  if (!isNode(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
