import { spendPatternSteps } from '../run/pattern-steps.js';
import { otherCasesOf } from './letter-cases.js';

type Kind = 'range' | 'class' | 'others' | 'anyCase' | 'union' | 'intersection';

/**
 * A set of characters; `isInSet` says whether one is in it. Plain data of one form and one function, not methods of several classes:
 * the engine compiles that sooner, which takes more time than all sets of a pattern otherwise.
 */
export interface CharacterSet {
  /** Two sets with one key are one set. */
  readonly key: string;
  readonly kind: Kind;
  /** Code points, of a range. */
  readonly first: number;
  readonly last: number;
  readonly sets: readonly CharacterSet[];
  readonly expression: ClassExpression | undefined;
  /** Its characters, where they are few and known. */
  readonly listed: readonly string[] | undefined;
}

/** Whether a code point is in a set. */
export function isInSet(set: CharacterSet, code: number): boolean {
  const { kind, sets } = set;
  if (kind === 'range') return code >= set.first && code <= set.last;
  if (kind === 'class') return set.expression?.takes(code) === true;
  if (kind === 'anyCase' && otherCasesOf(code).some((other) => isInSet(sets[0] ?? NONE, other))) return true;
  for (let at = 0; at < sets.length; at++) {
    const isIn = isInSet(sets[at] ?? NONE, code);
    if (kind === 'others') return !isIn;
    // A union is decided by the first that has it, an intersection by the first that has not.
    if (isIn === (kind !== 'intersection')) return isIn;
  }
  return kind === 'intersection';
}

const STEPS_TO_COMPILE = 100;

/** A class of JavaScript. */
class ClassExpression {
  readonly #expression: RegExp;
  #isCompiled = false;
  // Many sets that have this one in them ask about one character after another.
  #last = -1;
  #takesLast = false;

  constructor(expression: RegExp) {
    this.#expression = expression;
  }

  takes(code: number): boolean {
    if (code === this.#last) return this.#takesLast;
    // An expression is compiled when it is first used.
    if (!this.#isCompiled) spendPatternSteps(STEPS_TO_COMPILE);
    this.#isCompiled = true;
    this.#takesLast = this.#expression.test(String.fromCodePoint(code));
    this.#last = code;
    return this.#takesLast;
  }
}

/** Classes by what stands inside of them, since most patterns have the same. */
const classes = new Map<string, CharacterSet>();
const LARGEST_CACHE = 200;
const NO_SETS: readonly CharacterSet[] = [];

export const ANY: CharacterSet = rangeOf(0, 0x10_ffff, { key: 'any' });
export const NONE: CharacterSet = rangeOf(1, 0, { key: 'none' });
export const NEWLINE = oneCharacter('\n', false);
export const NOT_NEWLINE = not(NEWLINE);

/** What stands inside of a class of JavaScript, read with its flag `u`. */
export function setOf(inside: string, ignoresCase = false): CharacterSet {
  let set = classes.get(inside);
  if (!set) {
    const key = `[${inside}]`;
    const expression = new ClassExpression(new RegExp(key, 'u'));
    set = { key, kind: 'class', first: 0, last: 0, sets: NO_SETS, expression, listed: undefined };
    if (classes.size >= LARGEST_CACHE) classes.clear();
    classes.set(inside, set);
  }
  return ignoresCase ? anyCase(set) : set;
}

export function oneCharacter(char: string, ignoresCase: boolean): CharacterSet {
  const code = char.codePointAt(0) ?? 0;
  const set = rangeOf(code, code, { key: `'${char}`, listed: [char] });
  return ignoresCase && otherCasesOf(code).length > 0 ? anyCase(set) : set;
}

export function range(from: string, to: string, ignoresCase: boolean): CharacterSet {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  const set = rangeOf(first, last, { key: `${first}-${last}` });
  return ignoresCase ? anyCase(set) : set;
}

export function not(set: CharacterSet): CharacterSet {
  return combined('others', [set], { key: `^(${set.key})` });
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const [only] = sets;
  if (!only) return NONE;
  if (sets.length === 1) return only;
  // `[\s\S]` is one set, whatever `\s` is for a dialect.
  if (sets.length === 2 && sets[1]?.kind === 'others' && sets[1].sets[0]?.key === only.key) return ANY;
  let key = '';
  let listed: string[] | undefined = [];
  for (const set of sets) {
    key += `|${set.key}`;
    if (set.listed) listed?.push(...set.listed);
    else listed = undefined;
  }
  return combined('union', sets, { key: `(${key})`, listed });
}

export function intersection(a: CharacterSet, b: CharacterSet): CharacterSet {
  return combined('intersection', [a, b], { key: `(${a.key}&${b.key})` });
}

/** With all characters that differ from those of a set in nothing but the case. */
function anyCase(set: CharacterSet): CharacterSet {
  return combined('anyCase', [set], { key: `i${set.key}` });
}

function rangeOf(
  first: number,
  last: number,
  { key, listed }: { key: string; listed?: readonly string[] },
): CharacterSet {
  return { key, kind: 'range', first, last, sets: NO_SETS, expression: undefined, listed };
}

function combined(
  kind: Kind,
  sets: readonly CharacterSet[],
  { key, listed }: { key: string; listed?: readonly string[] | undefined },
): CharacterSet {
  return { key, kind, first: 0, last: 0, sets, expression: undefined, listed };
}
