import { kindOf } from '@intersect-sdk/core/internal';
import { canonicalText, equalityKey, isObjectOrList } from '../json-equality.js';
import {
  all,
  type Broken,
  type Failure,
  failuresOf,
  type Run,
  refuse,
  type Test,
  tries,
  triesApart,
} from '../run.js';
import { isNode } from '../schema/json-schema.js';
import type { Keywords, RuleTable } from './keywords.js';

/** Rules that are about every value: its type, its being one of a list, and other schemas that it has to fit. */
export const FORM_RULES: RuleTable = {
  const: ({ const: allowedValue }) => {
    const broken = { keyword: 'const', params: { allowedValue } };
    return oneOfTest([allowedValue], broken);
  },
  enum: ({ enum: allowedValues = [] }) => {
    const broken = { keyword: 'enum', params: { allowedValues } };
    return oneOfTest(allowedValues, broken);
  },
  not: ({ not = true }, compile) => {
    const test = compile(not);
    return (value, run) => !triesApart(test, value, run) || refuse(run, { keyword: 'not' });
  },
  anyOf: ({ anyOf = [] }, compile) => {
    const tests = anyOf.map(compile);
    return (value, run) => {
      let fits = false;
      for (const test of tests) {
        fits = tries(test, value, run) || fits;
        // Each form that fits may be the one that knows a field.
        if (fits && !run.evaluated) return true;
      }
      return fits || refuse(run, { keyword: 'anyOf', forms: formsOf(tests, value, run) });
    };
  },
  oneOf: ({ oneOf = [] }, compile) => {
    const tests = oneOf.map(compile);
    return (value, run) => {
      let count = 0;
      for (const test of tests) {
        if (tries(test, value, run)) count++;
        if (count > 1) return refuse(run, { keyword: 'oneOf', params: { fitsSeveral: true } });
      }
      return count === 1 || refuse(run, { keyword: 'oneOf', forms: formsOf(tests, value, run) });
    };
  },
  allOf: ({ allOf = [] }, compile) => all(allOf.map(compile)),
  if: ({ if: condition = true, then = true, else: otherwise = true }, compile) => {
    const [test, thenTest, elseTest] = [compile(condition), compile(then), compile(otherwise)];
    return (value, run) => (tries(test, value, run) ? thenTest(value, run) : elseTest(value, run));
  },
};

/** Undefined for a schema of no type. */
export function typeTest({ type, nullable }: Keywords): Test | undefined {
  if (type === undefined) return undefined;
  const types = typeof type === 'string' ? [type] : [...type];
  if (nullable === true && !types.includes('null')) types.push('null');
  const [first = isNothing, ...more] = types.map((name) => TYPES[name] ?? isNothing);
  const holds =
    more.length === 0 ? first : (value: unknown) => first(value) || more.some((isOne) => isOne(value));
  return (value, run) => holds(value) || refuseType(run, types, value);
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isNode,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  // JSON can say 1e999, which is Infinity and nothing that any code expects.
  number: (value) => Number.isFinite(value) || typeof value === 'bigint',
  integer: (value) => Number.isInteger(value) || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

function refuseType(run: Run, types: readonly string[], value: unknown): false {
  if (!run.found) return false;
  const params = { type: types, got: kindOf(value), isNumber: typeof value === 'number' };
  return refuse(run, { keyword: 'type', params });
}

function formsOf(tests: readonly Test[], value: unknown, run: Run): Failure[][] | undefined {
  return run.found?.isThorough ? tests.map((test) => failuresOf(test, value, run)) : undefined;
}

function oneOfTest(allowedValues: readonly unknown[], broken: Broken): Test {
  const values = new Set(allowedValues);
  const texts = new Set(allowedValues.filter(isObjectOrList).map(canonicalText));
  return (value, run) =>
    values.has(equalityKey(value)) ||
    (texts.size > 0 && isObjectOrList(value) && texts.has(canonicalText(value))) ||
    refuse(run, broken);
}

function isNothing(): boolean {
  return false;
}
