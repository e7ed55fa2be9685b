/** Something in a pattern that JavaScript does not know, or that the reference's dialects read in different ways. */
export class Untranslatable extends Error {}

/** Where a pattern is read; moved on by what reads it. */
export interface PatternReader {
  readonly pattern: string;
  at: number;
}

/** What `\d`, `\s` and `\w` stand for, as the inside of a class: in the reference all of Unicode, unless `(?a)` or `(?-u)` says otherwise. */
const CLASSES = {
  d: { unicode: '\\p{Nd}', ascii: '0-9' },
  s: { unicode: '\\p{White_Space}', ascii: '\\t\\n\\v\\f\\r ' },
  w: { unicode: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}', ascii: '0-9A-Za-z_' },
} as const;

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** How many digits follow where they don't stand in braces. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A set of characters that an escape stands for, as the inside of a class. */
export interface CharacterSet {
  readonly inside: string;
  readonly isNegated: boolean;
}

/** Takes what matches next, if it does; `expression` is sticky. */
export function take({ pattern, at }: PatternReader, expression: RegExp): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(pattern);
}

/** Reads `\d`, `\W`, `\p{...}` and the like, with the reader behind the backslash. Undefined, and nothing read, for any other escape. */
export function readSet(reader: PatternReader, isAscii: boolean): CharacterSet | undefined {
  const letter = reader.pattern[reader.at] ?? '';
  const lower = letter.toLowerCase();
  if (lower === 'd' || lower === 's' || lower === 'w') {
    reader.at++;
    return { inside: CLASSES[lower][isAscii ? 'ascii' : 'unicode'], isNegated: letter !== lower };
  }
  return lower === 'p' ? readProperty(reader) : undefined;
}

/** The character that an escape stands for, with the reader behind the backslash. */
export function readEscapedCharacter(reader: PatternReader): string {
  const char = reader.pattern[reader.at] ?? '';
  if (DIGITS[char] !== undefined) return readCodePoint(reader, DIGITS[char]);
  reader.at++;
  const control = CONTROLS[char];
  if (control !== undefined) return control;
  if (char === '0' && !/\d/.test(reader.pattern[reader.at] ?? '')) return '\0';
  // A letter has a meaning that isn't known here; `\<` is the beginning of a word for some, and a character for others.
  if (char === '' || /[A-Za-z0-9<>]/.test(char) || char > '\x7f') throw new Untranslatable();
  return char;
}

/** A character that stands for itself, as it is written outside of a class. */
export function literal(char: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function readCodePoint(reader: PatternReader, digits: number): string {
  const found = take(reader, new RegExp(`.(?:\\{([0-9A-Fa-f]+)\\}|([0-9A-Fa-f]{${digits}}))`, 'y'));
  const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
  if (!found || !(code <= 0x10ffff)) throw new Untranslatable();
  reader.at += found[0].length;
  return String.fromCodePoint(code);
}

function readProperty(reader: PatternReader): CharacterSet {
  const [all, kind, caret, braced, short] = take(reader, /([pP])(?:\{(\^?)([\w =:-]+)\}|([A-Z]))/y) ?? [];
  const name = braced ?? short;
  if (all === undefined || name === undefined) throw new Untranslatable();
  reader.at += all.length;
  const inside = [name, `Script=${name}`].map((form) => `\\p{${form}}`).find(isKnown);
  if (inside === undefined) throw new Untranslatable();
  return { inside, isNegated: (kind === 'P') !== (caret === '^') };
}

function isKnown(property: string): boolean {
  try {
    return new RegExp(property, 'u').test('') || true;
  } catch {
    return false;
  }
}
