import { type CharacterSet, not, setOf } from '../sets/character-set.js';

/** Who reads a pattern. pydantic's patterns are Rust's, or Python's where it is told so; JSON Schema's are those of JavaScript. */
export type Dialect = 'rust' | 'python' | 'javascript';

/** What inline flags such as `(?s)` have set, up to the end of the group they stand in. */
export interface Modes {
  readonly ignoresCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export type ClassLetter = 'd' | 's' | 'w';

const ASCII = { d: '0-9', s: '\\t\\n\\v\\f\\r ', w: '0-9A-Za-z_' };
const JAVASCRIPT = { d: '\\d', s: '\\s', w: '\\w' };
const CLASSES = {
  rust: {
    d: '\\p{Nd}',
    s: '\\p{White_Space}',
    w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}',
  },
  python: { d: '\\p{Nd}', s: '\\p{White_Space}\\x1c-\\x1f', w: '\\p{L}\\p{N}_' },
  javascript: JAVASCRIPT,
};

/** What `\d`, `\s` and `\w` stand for; for capital letters everything else. */
export function classSet(letter: ClassLetter, dialect: Dialect, { ascii, ignoresCase }: Modes): CharacterSet {
  const classes = ascii ? ASCII : CLASSES[dialect];
  return setOf(classes[letter], ignoresCase && ascii);
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** `[:alpha:]` in a class of Rust. */
export function posixSet(name: string, isNegated: boolean, { ignoresCase }: Modes): CharacterSet | undefined {
  const inside = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  if (inside === undefined) return undefined;
  return isNegated ? not(setOf(inside, ignoresCase)) : setOf(inside, ignoresCase);
}
