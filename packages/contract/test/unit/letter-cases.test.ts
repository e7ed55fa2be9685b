import { expect, test } from 'vitest';
import { otherCasesOf } from '../../src/pattern/sets/letter-cases.js';

/** All characters that have cases, of the two planes that have any. */
const letters = Array.from({ length: 0x2_0000 }, (_, code) => String.fromCodePoint(code)).filter((char) =>
  /\p{Changes_When_Casemapped}|\p{Changes_When_Casefolded}/u.test(char),
);

// JavaScript learnt of these in Unicode 15.1; Python and Rust take them as the same.
const LEARNT_LATE = ['\u0390\u1fd3', '\u03b0\u1fe3', '\ufb05\ufb06'];

test('the other cases of a letter are those that an expression takes which ignores case', () => {
  const all = letters.join('');
  const different = letters.filter((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    const taken = all.match(new RegExp(`\\u{${code.toString(16)}}`, 'giu')) ?? [];
    const late = LEARNT_LATE.find((family) => family.includes(letter)) ?? '';
    const expected = new Set([...taken, ...late]);
    expected.delete(letter);
    const found = otherCasesOf(code).map((each) => String.fromCodePoint(each));
    return [...expected].sort().join() !== found.sort().join();
  });
  expect(letters.length).toBeGreaterThan(2000);
  expect(different).toEqual([]);
});
