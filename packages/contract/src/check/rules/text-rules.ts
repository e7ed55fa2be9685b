import { compilePattern } from '../../pattern/patterns.js';
import { FORMATS } from '../formats.js';
import { type Broken, refuse, type Test } from '../run.js';
import type { RuleTable } from './keywords.js';

/** Rules about texts; every other value passes, but for formats of numbers. */
export const TEXT_RULES: RuleTable = {
  maxLength: ({ maxLength: limit = 0 }) =>
    onText(
      { keyword: 'maxLength', params: { limit } },
      (text) => text.length <= limit || lengthOf(text) <= limit,
    ),
  minLength: ({ minLength: limit = 0 }) =>
    onText(
      { keyword: 'minLength', params: { limit } },
      (text) => text.length >= limit && lengthOf(text) >= limit,
    ),
  pattern: ({ pattern = '' }) => {
    const compiled = compilePattern(pattern);
    return onText({ keyword: 'pattern', params: { pattern } }, (text) => compiled.test(text));
  },
  format: ({ format = '' }) => {
    const known = FORMATS.get(format);
    if (!known) return undefined;
    const broken = { keyword: 'format', params: { format } };
    return 'text' in known ? onText(broken, known.text) : onNumberOrBigInteger(broken, known.number);
  },
};

function onNumberOrBigInteger(broken: Broken, holds: (number: number) => boolean): Test {
  return (value, run) => {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return !isNumber || holds(Number(value)) || refuse(run, broken);
  };
}

function onText(broken: Broken, holds: (text: string) => boolean): Test {
  return (value, run) => typeof value !== 'string' || holds(value) || refuse(run, broken);
}

/** In characters, as JSON Schema and Python count them: one outside of the basic plane counts once. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}
