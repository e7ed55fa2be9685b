import {
  literal,
  type PatternReader,
  readEscapedCharacter,
  readSet,
  take,
  Untranslatable,
} from './pattern-escapes.js';
import { translateClass } from './translate-class.js';

export interface TranslatedPattern {
  readonly source: string;
  readonly flags: string;
}

/** What inline flags such as `(?s)` have set, up to the end of the group they stand in. */
interface Modes {
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

const NO_MODES: Modes = { dotAll: false, multiline: false, verbose: false, ascii: false };
const MODE_OF_FLAG: Readonly<Record<string, keyof Modes>> = {
  s: 'dotAll',
  m: 'multiline',
  x: 'verbose',
  a: 'ascii',
};

/**
 * Writes a pattern of the reference as an expression of JavaScript with the same meaning. The reference reads patterns
 * in Rust's dialect, or in Python's. Undefined for a pattern with something that JavaScript does not know, or that
 * the two read in different ways.
 */
export function translatePattern(pattern: string): TranslatedPattern | undefined {
  try {
    return new Translation(pattern).translate();
  } catch (error) {
    if (error instanceof Untranslatable) return undefined;
    throw error;
  }
}

class Translation {
  readonly #reader: PatternReader;
  readonly #outer: Modes[] = [];
  #modes = NO_MODES;
  #ignoresCase = false;
  #source = '';

  constructor(pattern: string) {
    this.#reader = { pattern, at: 0 };
  }

  translate(): TranslatedPattern {
    const reader = this.#reader;
    while (reader.at < reader.pattern.length) this.#source += this.#next();
    return { source: this.#source, flags: this.#ignoresCase ? 'iu' : 'u' };
  }

  #next(): string {
    const reader = this.#reader;
    const { dotAll, multiline, verbose, ascii } = this.#modes;
    const char = String.fromCodePoint(reader.pattern.codePointAt(reader.at) ?? 0);
    if (char === '[') {
      // White space in a class counts for Python and not for Rust.
      if (verbose) throw new Untranslatable();
      return translateClass(reader, ascii);
    }
    if (char === '(') return this.#open();
    if (char === '{') return this.#brace();
    if (verbose && this.#takes(/\s+|#[^\n]*/y) !== undefined) return '';
    reader.at += char.length;
    switch (char) {
      case '\\':
        return this.#escape();
      case ')':
        this.#modes = this.#outer.pop() ?? this.#modes;
        return ')';
      case '.':
        return dotAll ? '[^]' : '[^\\n]';
      case '^':
        return multiline ? '(?<![^\\n])' : '^';
      case '$':
        return multiline ? '(?![^\\n])' : '$';
      case '|':
        return '|';
      case '*':
      case '+':
      case '?':
        return this.#repetition(char);
      default:
        return literal(char);
    }
  }

  #escape(): string {
    const reader = this.#reader;
    const char = reader.pattern[reader.at] ?? '';
    const set = readSet(reader, this.#modes.ascii);
    if (set) return `[${set.isNegated ? '^' : ''}${set.inside}]`;
    const reference = this.#takes(/[1-9]\d*|k<\w+>/y);
    if (reference !== undefined) return `(?:\\${reference})`;
    if (!/[AbBzZ]/.test(char)) return literal(readEscapedCharacter(reader));
    reader.at++;
    if (char === 'A') return '^';
    if (char !== 'b' && char !== 'B') return '$';
    if (reader.pattern[reader.at] === '{') throw new Untranslatable();
    return boundary(`[${readSet({ pattern: 'w', at: 0 }, this.#modes.ascii)?.inside}]`, char === 'b');
  }

  #open(): string {
    const flags = this.#takes(/\(\?[A-Za-z]*(?:-[A-Za-z]+)?[:)]/y);
    if (flags !== undefined) return this.#flags(flags);
    if (this.#takes(/\(\?#[^)]*\)/y) !== undefined) return '';
    const name = this.#takes(/\(\?P=\w+\)/y)?.slice(4, -1);
    if (name !== undefined) return `\\k<${name}>`;
    const opening = this.#takes(/\(\?(?:=|!|<=|<!|P?<\w+>)|\((?!\?)/y);
    if (opening === undefined) throw new Untranslatable();
    this.#outer.push(this.#modes);
    return opening.replace('?P', '?');
  }

  /** `(?i)` is for the rest of the group it stands in, `(?i:...)` for its own. */
  #flags(text: string): string {
    const [on = '', off = ''] = text.slice(2, -1).split('-');
    const isGroup = text.endsWith(':');
    if (isGroup) this.#outer.push(this.#modes);
    for (const flag of on) this.#set(flag, true);
    for (const flag of off) this.#set(flag, false);
    return isGroup ? '(?:' : '';
  }

  #set(flag: string, isOn: boolean): void {
    const mode = MODE_OF_FLAG[flag];
    if (mode) this.#modes = { ...this.#modes, [mode]: isOn };
    else if (flag === 'u') this.#modes = { ...this.#modes, ascii: !isOn };
    else if (flag === 'i') this.#setIgnoresCase(isOn);
    // Which of several matches is found has no meaning here.
    else if (flag !== 'U') throw new Untranslatable();
  }

  /** JavaScript has this for a whole expression. */
  #setIgnoresCase(isOn: boolean): void {
    if (isOn === this.#ignoresCase) return;
    if (this.#source !== '' || this.#outer.length > 0) throw new Untranslatable();
    this.#ignoresCase = isOn;
  }

  #brace(): string {
    const counts = this.#takes(/\{(?:\d+(?:,\d*)?|,\d+)\}/y);
    if (counts !== undefined) return this.#repetition(counts.replace('{,', '{0,'));
    this.#reader.at++;
    return '\\{';
  }

  #repetition(text: string): string {
    const lazy = this.#takes(/\?/y) ?? '';
    // Without giving back in Python, repeated once more in Rust.
    if (this.#reader.pattern[this.#reader.at] === '+') throw new Untranslatable();
    return text + lazy;
  }

  #takes(expression: RegExp): string | undefined {
    const found = take(this.#reader, expression)?.[0];
    this.#reader.at += found?.length ?? 0;
    return found;
  }
}

function boundary(word: string, isOne: boolean): string {
  const [before, after] = isOne ? [`(?!${word})`, `(?=${word})`] : [`(?=${word})`, `(?!${word})`];
  return `(?:(?<=${word})${before}|(?<!${word})${after})`;
}
