import { spendPatternSteps } from './pattern-steps.js';

/** A set of characters. Two sets with one key are one set. */
export interface CharacterSet {
  readonly key: string;
  readonly has: (char: string) => boolean;
  /** Its characters, where they are few and known. */
  readonly listed?: readonly string[];
}

/** Classes by their keys, since an expression is compiled when it is first used, and that is counted. */
const made = new Map<string, CharacterSet>();
const LARGEST_CACHE = 200;
const STEPS_TO_COMPILE = 100;

export const ANY: CharacterSet = { key: 'any', has: () => true };
export const NONE: CharacterSet = { key: 'none', has: () => false };
export const NEWLINE = setOf('\\n');
export const NOT_NEWLINE = not(NEWLINE);

/** What stands inside of a class of JavaScript, read with its flag `u`; with `ignoresCase` also with `i`. */
export function setOf(inside: string, ignoresCase = false): CharacterSet {
  const key = `[${inside}]${ignoresCase ? 'iu' : 'u'}`;
  const known = made.get(key);
  if (known) return known;
  if (made.size >= LARGEST_CACHE) made.clear();
  const flags = ignoresCase ? 'iu' : 'u';
  const expression = new RegExp(`^[${inside}]$`, flags);
  let isCompiled = false;
  const has = (char: string): boolean => {
    if (!isCompiled) {
      isCompiled = true;
      spendPatternSteps(STEPS_TO_COMPILE);
    }
    return expression.test(char);
  };
  const set = { key, has };
  made.set(key, set);
  return set;
}

export function oneCharacter(char: string, ignoresCase: boolean): CharacterSet {
  if (!ignoresCase) return { key: `'${char}`, has: (other) => other === char, listed: [char] };
  return char.toLowerCase() === char.toUpperCase()
    ? oneCharacter(char, false)
    : setOf(escapeInClass(char), true);
}

export function range(from: string, to: string, ignoresCase: boolean): CharacterSet {
  if (!ignoresCase) {
    const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
    return {
      key: `${first}-${last}`,
      has: (char) => {
        const code = char.codePointAt(0) ?? 0;
        return code >= first && code <= last;
      },
    };
  }
  return setOf(`${escapeInClass(from)}-${escapeInClass(to)}`, ignoresCase);
}

export function not(set: CharacterSet): CharacterSet {
  return { key: `^(${set.key})`, has: (char) => !set.has(char) };
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const [only] = sets;
  if (!only) return NONE;
  if (sets.length === 1) return only;
  const listed = sets.every((set) => set.listed) && sets.flatMap((set) => set.listed ?? []);
  return {
    key: `(${sets.map(({ key }) => key).join('|')})`,
    has: (char) => sets.some((set) => set.has(char)),
    ...(listed ? { listed } : {}),
  };
}

export function intersection(a: CharacterSet, b: CharacterSet): CharacterSet {
  return { key: `(${a.key}&${b.key})`, has: (char) => a.has(char) && b.has(char) };
}

function escapeInClass(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
