import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCheck } from '../../src/check/check.js';
import { prepareSchema } from '../../src/check/schema/prepare-schema.js';
import { compilePattern, isPattern, whyUnchecked } from '../../src/pattern/patterns.js';
import { allowPatternSteps, TooManyPatternSteps } from '../../src/pattern/run/pattern-steps.js';

afterEach(() => allowPatternSteps(Number.POSITIVE_INFINITY));

/** Letters in an order that does not come again soon. */
function withoutOrder(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return 'ab1'[state % 3];
  }).join('');
}

function letters(count: number, write: (letter: string) => string): string[] {
  return Array.from({ length: count }, (_, n) => write(String.fromCodePoint(0x4e00 + n)));
}

const SCRIPTS = ['Runic', 'Ogham', 'Thaana', 'Syriac', 'Tifinagh', 'Buginese', 'Cherokee'];

/** Patterns that mean the same to JavaScript, of parts that can be put together in any way. */
const patterns = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'é',
      '.',
      '[ab]',
      '[^a]',
      '\\n',
      '^',
      '$(?!\\n)',
      '(?!a)',
      '(?=[ab])',
      '(?<!b)',
      '(?<=a)',
    ),
    tie('node').map((inner) => `(?:${inner})`),
    tie('node').map((inner) => `(?=${inner})`),
    tie('node').map((inner) => `(?!${inner})`),
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('atom'),
    fc
      .tuple(tie('atom'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{2,}', '*?'))
      .map(([atom, sign]) => (/^\^|^\$|^\(\?[=!<]/.test(atom) ? atom : atom + sign)),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}|${b}`),
  ),
})).node;

describe('an automaton', () => {
  test('says of short texts what the regular expressions of JavaScript say', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\n'), maxLength: 7 });
    fc.assert(
      fc.property(patterns, fc.array(text, { minLength: 3, maxLength: 8 }), (pattern, texts) => {
        fc.pre(whyUnchecked(pattern) === undefined);
        const theirs = new RegExp(pattern.replaceAll('.', '[^\\n]'), 'u');
        const ours = compilePattern(pattern);
        expect(texts.map((each) => ours.test(each))).toEqual(texts.map((each) => theirs.test(each)));
      }),
      { numRuns: 300 },
    );
  });

  test('comes to its end in steps that do not grow with the text, where the way is known', () => {
    const pattern = compilePattern('^(?:[a-z0-9]{1,50})*x');
    pattern.test('ab1'.repeat(1000));
    allowPatternSteps(50_000);
    expect(pattern.test('ab1'.repeat(400_000))).toBe(false);
  });

  test.each(['(.{1,5000})x', '(a|b|1)*a(a|b|1){12}x', '(?=.*a.{200}x).*c', '(?:a?){5000}b'])(
    'gives up %s when its steps are spent, and can be asked again',
    (source) => {
      const pattern = compilePattern(source);
      allowPatternSteps(20_000);
      expect(() => pattern.test(withoutOrder(30_000))).toThrow(TooManyPatternSteps);
      allowPatternSteps(Number.POSITIVE_INFINITY);
      expect(pattern.test('')).toBe(false);
    },
  );

  test.each([
    {
      what: 'classes that are compiled',
      // Classes are compiled once in a process, so these are some that no other test has.
      source: `^(?:${SCRIPTS.map((name) => `\\p{${name}}!`).join('|')})$`,
      text: 'a!',
      steps: 500,
    },
    {
      what: 'looks ahead that are carried along',
      source: `(?:${'(?=.*a)(?!b)'.repeat(60)}.)*x`,
      text: 'cca',
      steps: 1000,
    },
    {
      what: 'sets that are asked about characters',
      source: `^(?:${letters(300, (letter) => `${letter}!`).join('|')})$`,
      text: letters(10, (letter) => letter).join('!'),
      steps: 300,
    },
  ])('counts $what', ({ source, text, steps }) => {
    const pattern = compilePattern(source);
    allowPatternSteps(steps);
    expect(() => pattern.test(text)).toThrow(TooManyPatternSteps);
    allowPatternSteps(Number.POSITIVE_INFINITY);
    expect(typeof pattern.test(text)).toBe('boolean');
  });

  test('forgets what it has met before that fills the memory, and goes on right', () => {
    const pattern = compilePattern('^.{0,9000}$');
    expect([8999, 9000, 9001, 20_000].map((length) => pattern.test('a'.repeat(length)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('tells as many kinds of characters apart as there are', () => {
    const letters = Array.from({ length: 300 }, (_, n) => String.fromCodePoint(0x4e00 + n));
    const pattern = compilePattern(`^(?:${letters.map((letter) => `${letter}x`).join('|')})+$`);
    expect(pattern.test(letters.map((letter) => `${letter}x`).join(''))).toBe(true);
    expect(pattern.test(letters.join(''))).toBe(false);
  });

  test('takes long runs of one kind, and stops where something else comes', () => {
    const pattern = compilePattern('^[a-z]+-[a-z]+$');
    expect(pattern.test(`${'a'.repeat(1000)}-${'b'.repeat(1000)}`)).toBe(true);
    expect(pattern.test(`${'a'.repeat(1000)}-${'b'.repeat(1000)}-`)).toBe(false);
    expect(pattern.test(`${'a'.repeat(1000)}é-b`)).toBe(false);
  });

  test.each([1100, 2000, 65_535, 65_536, 65_537, 140_000])(
    'sees what stands in the last places of %i characters, and behind a run',
    (length) => {
      const pattern = compilePattern('^[a-z]+(?:-[a-y]+)?(?!\\n)$');
      for (let place = length - 6; place < length; place++) {
        const [before, behind] = ['a'.repeat(place), 'b'.repeat(length - place - 1)];
        const texts = [
          `${before}-${behind}`,
          `${before}!${behind}`,
          `${before}z${behind}`,
          `-${before}${behind}`,
        ];
        const fits = texts.map((text) => pattern.test(text));
        expect({ place, fits }).toEqual({ place, fits: [place < length - 1, false, true, false] });
      }
      expect(pattern.test(`a-${'b'.repeat(length - 3)}z`)).toBe(false);
    },
  );

  test('takes long runs for fewer steps than other texts', () => {
    const pattern = compilePattern('^[a-z]+$');
    pattern.test('ab');
    allowPatternSteps(12_000);
    expect(pattern.test('ab'.repeat(2_000_000))).toBe(true);
    allowPatternSteps(8_000);
    expect(() => pattern.test('ba'.repeat(2_000_000))).toThrow(TooManyPatternSteps);
  });

  // In steps of 100 characters, or of 400 in a run.
  test.each([
    { what: 'looks for no runs in short fields', letters: 24, steps: { tooFew: 3_950, enough: 4_050 } },
    { what: 'sees a run by its last characters', letters: 199, steps: { tooFew: 2_500, enough: 3_950 } },
    { what: 'takes one run after the other', letters: 9_999, steps: { tooFew: 1_000, enough: 1_150 } },
  ])('$what', ({ letters, steps }) => {
    const pattern = compilePattern('^(?:[a-z]+,)+$');
    // What was tried last is remembered.
    const fieldsOf = (letter: string) => `${letter.repeat(letters)},`.repeat(400_000 / (letters + 1));
    pattern.test('b,c,');
    allowPatternSteps(steps.enough);
    expect(pattern.test(fieldsOf('b'))).toBe(true);
    allowPatternSteps(steps.tooFew);
    expect(() => pattern.test(fieldsOf('c'))).toThrow(TooManyPatternSteps);
  });
});

test('a text is a pattern whether it can be checked or not, and reading it is bounded', () => {
  expect(['(?(1)a|b)', '(?>a|ab)', '^a$', 'a'.repeat(30_000)].map(isPattern)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['(', '[', '*'].map(isPattern)).toEqual([false, false, false]);
  allowPatternSteps(1000);
  expect(() => isPattern('a'.repeat(2000))).toThrow(TooManyPatternSteps);
});

describe('a long value that does not fit', () => {
  const LETTERS = 2 ** 23;

  test.each(['^[a-z]*$', '(a|b|1)*a(a|b|1){12}x'])(
    'is refused for the pattern %s and not for its length',
    (pattern) => {
      const check = makeCheck(prepareSchema({ type: 'array', items: { type: 'string', pattern } }));
      const texts = ['a!'.repeat(LETTERS / 2), 'b!'.repeat(LETTERS / 2)];
      const result = check(texts);
      expect(result).toMatchObject({
        ok: false,
        issues: [{ path: '[0]', message: `must match the pattern ${pattern}` }, { path: '[1]' }],
      });
    },
  );

  test('has more steps for following its texts, and none for what else a pattern does', () => {
    const text = withoutOrder(2 ** 17);
    const alongTexts = () => text.length;
    allowPatternSteps(1000, { first: 0, alongTexts });
    expect(compilePattern('^[ab1]*$').test(text)).toBe(true);
    allowPatternSteps(1000, { first: 0, alongTexts });
    expect(() => compilePattern('(?=.*a.{200}x).*c').test(text)).toThrow(TooManyPatternSteps);
  });
});
