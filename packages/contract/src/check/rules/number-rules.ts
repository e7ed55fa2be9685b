import { type Broken, refuse, type Test } from '../run.js';
import type { RuleTable } from './keywords.js';

// 1.13 is a multiple of 0.01 although floating point says otherwise.
const PRECISION = 1e-9;

/** Rules about numbers; every other value passes. */
export const NUMBER_RULES: RuleTable = {
  maximum: ({ maximum: limit = 0 }) =>
    onNumber({ keyword: 'maximum', params: { limit } }, (number) => number <= limit),
  minimum: ({ minimum: limit = 0 }) =>
    onNumber({ keyword: 'minimum', params: { limit } }, (number) => number >= limit),
  exclusiveMaximum: ({ exclusiveMaximum: limit = 0 }) =>
    onNumber({ keyword: 'exclusiveMaximum', params: { limit } }, (number) => number < limit),
  exclusiveMinimum: ({ exclusiveMinimum: limit = 0 }) =>
    onNumber({ keyword: 'exclusiveMinimum', params: { limit } }, (number) => number > limit),
  multipleOf: ({ multipleOf = 1 }) =>
    onNumber({ keyword: 'multipleOf', params: { multipleOf } }, (number) => {
      if (typeof number === 'bigint' && Number.isInteger(multipleOf)) {
        return number % BigInt(multipleOf) === 0n;
      }
      const times = Number(number) / multipleOf;
      return Math.abs(Math.round(times) - times) <= PRECISION;
    }),
};

// What is no number for JSON is judged by its type alone.
function onNumber(broken: Broken, holds: (number: number | bigint) => boolean): Test {
  return (value, run) => {
    const isNumber = typeof value === 'number' ? Number.isFinite(value) : typeof value === 'bigint';
    return !isNumber || holds(value as number | bigint) || refuse(run, broken);
  };
}
