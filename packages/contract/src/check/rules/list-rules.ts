import { canonicalText, equalityKey, isObjectOrList } from '../json-equality.js';
import {
  type Broken,
  goesOn,
  type PartTest,
  partTest,
  type Run,
  refuse,
  type Test,
  triesApart,
} from '../run.js';
import type { RuleTable } from './keywords.js';

type List = readonly unknown[];

/** Rules about lists; every other value passes. */
export const LIST_RULES: RuleTable = {
  maxItems: ({ maxItems: limit = 0 }) =>
    onList({ keyword: 'maxItems', params: { limit } }, (list) => list.length <= limit),
  minItems: ({ minItems: limit = 0 }) =>
    onList({ keyword: 'minItems', params: { limit } }, (list) => list.length >= limit),
  uniqueItems: ({ uniqueItems }) =>
    uniqueItems
      ? (value, run) => {
          const same = Array.isArray(value) ? firstRepeated(value) : undefined;
          return !same || refuse(run, { keyword: 'uniqueItems', params: same });
        }
      : undefined,
  prefixItems: ({ prefixItems = [] }, compile) => {
    const tests = prefixItems.map((item) => partTest(compile(item)));
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      const end = Math.min(tests.length, value.length);
      judged(run, end);
      let fits = true;
      for (let index = 0; index < end; index++) {
        if (tests[index]?.(value, index, run)) continue;
        if (!goesOn(run)) return false;
        fits = false;
      }
      return fits;
    };
  },
  items: ({ prefixItems = [], items = true }, compile) => {
    const limit = prefixItems.length;
    if (items === false && limit > 0) {
      return onList({ keyword: 'items', params: { limit } }, (list) => list.length <= limit);
    }
    return restTest(partTest(compile(items)), limit);
  },
  contains: ({ contains = true, minContains = 1, maxContains = Number.POSITIVE_INFINITY }, compile) => {
    const test = compile(contains);
    const broken = { keyword: 'contains', params: { minContains } };
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      judged(run, value.length);
      const count = value.filter((item) => triesApart(test, item, run)).length;
      return (count >= minContains && count <= maxContains) || refuse(run, broken);
    };
  },
};

/** Judges all items from `start` on. */
export function restTest(test: PartTest, start: number): Test {
  return (value, run) => {
    if (!Array.isArray(value)) return true;
    judged(run, value.length);
    let fits = true;
    for (let index = start; index < value.length; index++) {
      if (test(value, index, run)) continue;
      if (!goesOn(run)) return false;
      fits = false;
    }
    return fits;
  };
}

function onList(broken: Broken, holds: (list: List) => boolean): Test {
  return (value, run) => !Array.isArray(value) || holds(value) || refuse(run, broken);
}

function judged({ evaluated }: Run, items: number): void {
  if (evaluated) evaluated.items = Math.max(evaluated.items, items);
}

/** Whether a value can be the same as another one that is not the very same for JavaScript. */
function hasOtherForms(value: unknown): boolean {
  return isObjectOrList(value) || typeof value === 'bigint';
}

function firstRepeated(list: List): { readonly j: number; readonly i: number } | undefined {
  // The usual case, in a third of the time.
  if (new Set(list).size === list.length && !list.some(hasOtherForms)) return undefined;
  const values = new Map<unknown, number>();
  const texts = new Map<unknown, number>();
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const isOneValue = !isObjectOrList(item);
    const seen = isOneValue ? values : texts;
    const key = isOneValue ? equalityKey(item) : canonicalText(item);
    const j = seen.get(key);
    if (j !== undefined) return { j, i };
    seen.set(key, i);
  }
  return undefined;
}
