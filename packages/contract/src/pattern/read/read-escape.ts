import { Unreadable } from '../pattern-node.js';
import { type CharacterSet, not, setOf } from '../sets/character-set.js';
import { type ClassLetter, classSet, type Dialect, type Modes } from './dialect.js';
import { type PatternCursor, unknownSyntax } from './pattern-cursor.js';

export interface EscapeContext {
  readonly cursor: PatternCursor;
  readonly dialect: Dialect;
  readonly modes: Modes;
}

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

/** Reads `\d`, `\W`, `\p{...}` and the like behind the backslash. Undefined, and nothing read, for any other escape. */
export function readEscapedSet({ cursor, dialect, modes }: EscapeContext): CharacterSet | undefined {
  const letter = cursor.next;
  const lower = letter.toLowerCase();
  if (lower === 'd' || lower === 's' || lower === 'w') {
    cursor.at++;
    const set = classSet(lower satisfies ClassLetter, dialect, modes);
    return letter === lower ? set : not(set);
  }
  return lower === 'p' && dialect !== 'python' ? readProperty(cursor, modes) : undefined;
}

/** The character that an escape stands for, behind the backslash. */
export function readEscapedCharacter({ cursor, dialect }: EscapeContext): string {
  const char = cursor.next;
  if (DIGITS[char] !== undefined && (char !== 'U' || dialect !== 'javascript')) {
    return readCodePoint(cursor, dialect, DIGITS[char]);
  }
  if (dialect === 'python' && char === 'N') throw new Unreadable('a character by its name');
  if (dialect !== 'rust') {
    // Octal numbers: one to three digits in Python, the character NUL in JavaScript.
    const octal = cursor.take(dialect === 'python' ? /0[0-7]{0,2}|[1-3][0-7]{2}/y : /0(?!\d)/y)?.[0];
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  }
  if (dialect === 'javascript') {
    const letter = cursor.take(/c([A-Za-z])/y)?.[1];
    if (letter !== undefined) return String.fromCodePoint((letter.codePointAt(0) ?? 0) % 32);
  }
  if (char === '') throw unknownSyntax();
  cursor.at++;
  const control = char === 'a' && dialect === 'javascript' ? undefined : CONTROLS[char];
  if (control !== undefined) return control;
  // A letter has a meaning that isn't known here; `\<` is the beginning of a word for Rust, and a character for others.
  if (/[A-Za-z0-9]/.test(char) || (dialect === 'rust' && (/[<>]/.test(char) || char > '\x7f'))) {
    throw unknownSyntax();
  }
  cursor.at--;
  return cursor.takeCharacter();
}

function readCodePoint(cursor: PatternCursor, dialect: Dialect, digits: number): string {
  const bare = `.([0-9A-Fa-f]{${digits}})`;
  const inBraces = '.\\{([0-9A-Fa-f]+)\\}';
  const found = cursor.take(new RegExp(dialect === 'python' ? bare : `${bare}|${inBraces}`, 'y'));
  const code = Number.parseInt(found?.[1] ?? found?.[2] ?? '', 16);
  if (!found || !(code <= 0x10ffff)) throw unknownSyntax();
  if (code < 0xd800 || code > 0xdbff) return String.fromCodePoint(code);
  // Two halves of one character.
  const low = cursor.take(/\\u(d[c-f][0-9a-f]{2})/iy)?.[1];
  return String.fromCharCode(code, ...(low === undefined ? [] : [Number.parseInt(low, 16)]));
}

function readProperty(cursor: PatternCursor, { ignoresCase }: Modes): CharacterSet {
  const found = cursor.take(/([pP])(?:\{(\^?)([\w =:-]+)\}|([A-Z]))/y);
  const name = found?.[3] ?? found?.[4];
  if (!found || name === undefined) throw unknownSyntax();
  const isNegated = (found[1] === 'P') !== (found[2] === '^');
  for (const form of formsOf(name)) {
    try {
      const set = setOf(`\\p{${form}}`, ignoresCase);
      return isNegated ? not(set) : set;
    } catch {
      // Not known in this form.
    }
  }
  throw new Unreadable(`the property '${name}' of characters`);
}

/** Rust takes names without regard to case, spaces, hyphens and underscores, and a script by its name alone. */
function formsOf(name: string): string[] {
  const [left = '', right] = name.replace(':', '=').split('=');
  const proper = (text: string): string =>
    text
      .trim()
      .split(/[ _-]+/)
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
      .join('_');
  if (right !== undefined) {
    const property = /^(sc|script)$/i.test(left.trim()) ? 'Script' : proper(left);
    return [`${left}=${right}`, `${property}=${proper(right)}`, `General_Category=${proper(right)}`];
  }
  return [name, proper(name), `Script=${name}`, `Script=${proper(name)}`, name.toUpperCase()];
}
