import { canonicalText, isNode, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';
import { breaks, type ChangeKind, type Effect, type SchemaChange, type Way } from './changes.js';
import { type Choice, choicesOf, covers, type Resolve } from './choices.js';
import { limitChanges } from './limits.js';

/** Compares two schemas of one place, by the values that fit them. */
export class SchemaComparison {
  readonly changes: SchemaChange[] = [];
  readonly #way: Way;
  readonly #before: Resolve;
  readonly #after: Resolve;
  // Types that refer to themselves would be compared for ever.
  readonly #compared = new Map<SchemaNode, Set<SchemaNode>>();

  constructor(way: Way, before: Resolve, after: Resolve) {
    this.#way = way;
    this.#before = before;
    this.#after = after;
  }

  compare(before: JsonSchema | undefined, after: JsonSchema | undefined, path: string): void {
    if (isNode(before) && isNode(after) && this.#wasCompared(before, after)) return;
    const old = choicesOf(before, this.#before);
    const now = choicesOf(after, this.#after);
    const pairs = pairsOf(old, now);
    const gone = old.filter((choice) => !pairs.has(choice));
    const come = now.filter((choice) => ![...pairs.values()].includes(choice));
    const lost = gone.filter((choice) => !now.some((wide) => covers(wide, choice)));
    const gained = come.filter((choice) => !old.some((wide) => covers(wide, choice)));
    const isNew = old.length === gone.length && lost.length > 0 && gained.length > 0;
    if (isNew) {
      this.#add(['type-changed', 'other'], path, `was ${list(old)} and is ${list(now)}`);
    } else {
      for (const choice of lost)
        this.#add(['choice-removed', 'fewer'], path, `can no longer be ${choice.text}`);
      for (const choice of gained) this.#add(['choice-added', 'more'], path, `can also be ${choice.text}`);
      // A form that took in another one: a whole number that is any number now.
      for (const choice of gone)
        if (!lost.includes(choice) && gained.length === 0)
          this.#widened(choice, { others: come, effect: 'more' }, path);
      for (const choice of come)
        if (!gained.includes(choice) && lost.length === 0)
          this.#widened(choice, { others: gone, effect: 'fewer' }, path);
    }
    for (const [one, other] of pairs) this.#pair(one, other, path);
    this.#defaults(before, after, path);
  }

  #widened(
    choice: Choice,
    { others, effect }: { readonly others: readonly Choice[]; readonly effect: 'fewer' | 'more' },
    path: string,
  ): void {
    const kind = effect === 'more' ? 'choice-added' : 'choice-removed';
    const wide = others.find((other) => covers(other, choice));
    if (!wide) return;
    const message =
      effect === 'more'
        ? `was ${choice.text} and can be any ${wide.text}`
        : `could be any ${wide.text} and must be ${choice.text}`;
    this.#add([kind, effect], path, message);
  }

  #pair(before: Choice, after: Choice, path: string): void {
    const { node: old } = before;
    const { node: now } = after;
    if (before.kind === 'value') return;
    for (const { kind, effect, message } of limitChanges(old, now)) this.#add([kind, effect], path, message);
    if (before.kind === 'object') this.#fields(old, now, path);
    if (before.kind === 'array') this.#items(old, now, path);
    this.#extensions(old, now, path);
  }

  #wasCompared(old: SchemaNode, now: SchemaNode): boolean {
    const known = this.#compared.get(old) ?? new Set();
    this.#compared.set(old, known);
    if (known.has(now)) return true;
    known.add(now);
    return false;
  }

  #fields(old: SchemaNode, now: SchemaNode, path: string): void {
    const [before, after] = [nodeOf(old.properties), nodeOf(now.properties)];
    const [wasClosed, isClosed] = [isShut(old), isShut(now)];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const at = `${path}.${name}`;
      const [was, is] = [this.#isThere(name, old), this.#isThere(name, now)];
      if (!Object.hasOwn(after, name)) {
        const effect = isClosed ? (was ? 'other' : 'fewer') : was ? 'more' : 'none';
        this.#add(['field-removed', effect], at, `the field ${name} is gone`);
      } else if (!Object.hasOwn(before, name)) {
        const effect = is ? 'fewer' : wasClosed ? 'more' : 'none';
        const message = is
          ? `has a further field ${name}, which must be there`
          : `can have a further field ${name}`;
        this.#add(['field-added', wasClosed && is ? 'other' : effect], at, message);
      } else {
        if (was && !is) this.#add(['field-optional', 'more'], at, `the field ${name} may be left out`);
        if (!was && is) this.#add(['field-needed', 'fewer'], at, `the field ${name} must be there`);
        this.compare(before[name] as JsonSchema, after[name] as JsonSchema, at);
      }
    }
    this.#otherFields(old, now, path);
  }

  #otherFields(old: SchemaNode, now: SchemaNode, path: string): void {
    const [wasClosed, isClosed] = [isShut(old), isShut(now)];
    if (wasClosed !== isClosed) {
      if (isClosed) this.#add(['fields-closed', 'fewer'], path, 'must not have other fields');
      else this.#add(['fields-opened', 'more'], path, 'can have other fields');
    } else if (!isClosed) {
      this.compare(restOf(old), restOf(now), `${path}.*`);
    }
    const [before, after] = [nodeOf(old.patternProperties), nodeOf(now.patternProperties)];
    for (const pattern of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const at = `${path}.*`;
      if (!Object.hasOwn(after, pattern))
        this.#add(['limit-widened', 'more'], at, `fields that match ${pattern} have no rule`);
      else if (!Object.hasOwn(before, pattern))
        this.#add(['limit-narrowed', 'fewer'], at, `fields that match ${pattern} have a rule`);
      else this.compare(before[pattern] as JsonSchema, after[pattern] as JsonSchema, at);
    }
  }

  #items(old: SchemaNode, now: SchemaNode, path: string): void {
    const [before, after] = [listOf(old.prefixItems), listOf(now.prefixItems)];
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      const [was, is] = [before[index] ?? restItems(old), after[index] ?? restItems(now)];
      if (was !== false && is !== false) this.compare(was, is, `${path}[${index}]`);
    }
    const [wasRest, isRest] = [restItems(old), restItems(now)];
    if (wasRest !== false && isRest !== false) this.compare(wasRest, isRest, `${path}[]`);
    const [wasClosed, isClosed] = [old.items === false, now.items === false];
    if (wasClosed === isClosed) return;
    if (isClosed) this.#add(['limit-narrowed', 'fewer'], path, 'must not have further items');
    else this.#add(['limit-widened', 'more'], path, 'can have further items');
  }

  /** What a service gives has all fields that have a default. */
  #isThere(name: string, { required, properties }: SchemaNode): boolean {
    if (listOf(required).includes(name as never)) return true;
    return this.#way === 'given' && Object.hasOwn(nodeOf(nodeOf(properties)[name]), 'default');
  }

  #defaults(before: JsonSchema | undefined, after: JsonSchema | undefined, path: string): void {
    const [old, now] = [nodeOf(before).default, nodeOf(after).default];
    if (old === undefined || now === undefined || canonicalText([old]) === canonicalText([now])) return;
    const message = `the default was ${JSON.stringify(old)} and is ${JSON.stringify(now)}`;
    this.#add(['default-changed', 'none'], path, message);
  }

  #extensions(old: SchemaNode, now: SchemaNode, path: string): void {
    for (const key of extensionKeys(old, now)) {
      this.#add(['extension-changed', 'none'], path, `${key} changed`);
    }
  }

  #add([kind, effect]: readonly [ChangeKind, Effect], path: string, message: string): void {
    this.changes.push({ kind, path, message, ...breaks(effect, this.#way) });
  }
}

/** The keys that begin with `x-` and have other values. */
export function extensionKeys(old: SchemaNode, now: SchemaNode): string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => key.startsWith('x-'));
  return keys.filter((key) => canonicalText([old[key] ?? null]) !== canonicalText([now[key] ?? null]));
}

/** Each form beside the one that it became: that of the same key, else the only other one of its kind. */
function pairsOf(old: readonly Choice[], now: readonly Choice[]): Map<Choice, Choice> {
  const pairs = new Map<Choice, Choice>();
  const free = new Set(now);
  const pair = (one: Choice, other: Choice | undefined): void => {
    if (!other) return;
    pairs.set(one, other);
    free.delete(other);
  };
  for (const one of old)
    pair(
      one,
      [...free].find(({ kind, key }) => kind === one.kind && key === one.key),
    );
  for (const one of old) {
    if (pairs.has(one) || one.kind === 'value' || one.kind === 'bytes') continue;
    const couldBe = (other: Choice): boolean =>
      other.kind === one.kind && !(isTagged(one) && isTagged(other));
    const alike = [...free].filter(couldBe);
    const rivals = old.filter((other) => !pairs.has(other) && other.kind === one.kind);
    if (alike.length === 1 && rivals.length === 1) pair(one, alike[0]);
  }
  return pairs;
}

/** Other tags, other things. */
function isTagged({ kind, key }: Choice): boolean {
  return kind === 'object' && key.includes('=');
}

/** Whether nothing else may be there. */
function isShut({ additionalProperties, patternProperties }: SchemaNode): boolean {
  return additionalProperties === false && patternProperties === undefined;
}

function restOf({ additionalProperties }: SchemaNode): JsonSchema {
  return (additionalProperties ?? true) as JsonSchema;
}

function restItems({ items }: SchemaNode): JsonSchema {
  return (items ?? true) as JsonSchema;
}

function list(choices: readonly Choice[]): string {
  return choices.map(({ text }) => text).join(' or ') || 'nothing';
}

function nodeOf(value: unknown): SchemaNode {
  return isNode(value) ? value : {};
}

function listOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value : [];
}
