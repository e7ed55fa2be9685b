import {
  atomic,
  boundary,
  choice,
  END,
  look,
  type PatternNode,
  possessive,
  START,
  sequence,
  setNode,
  Unreadable,
} from '../pattern-node.js';
import { ANY, NEWLINE, NOT_NEWLINE, oneCharacter, setOf } from '../sets/character-set.js';
import { classSet, type Dialect, type Modes } from './dialect.js';
import { expandReferences } from './expand-references.js';
import { PatternCursor, unknownSyntax } from './pattern-cursor.js';
import { readClass } from './read-class.js';
import { type EscapeContext, readEscapedCharacter, readEscapedSet } from './read-escape.js';
import { readLimits } from './read-limits.js';

const DEEPEST = 100;
const NO_MODES: Modes = { ignoresCase: false, dotAll: false, multiline: false, verbose: false, ascii: false };
const MODE_OF_FLAG: Readonly<Record<string, keyof Modes>> = {
  i: 'ignoresCase',
  s: 'dotAll',
  m: 'multiline',
  x: 'verbose',
  a: 'ascii',
};
const JAVASCRIPT_LINE = setOf('^\\n\\r\\u2028\\u2029');
const LINE_START = look({ node: setNode(NOT_NEWLINE), isBehind: true, isNegated: true });
const LINE_END = look({ node: setNode(NOT_NEWLINE), isBehind: false, isNegated: true });
const BEFORE_LAST_NEWLINE = look({
  node: sequence([setNode(NEWLINE), END]),
  isBehind: false,
  isNegated: false,
});

/** Reads a pattern as one dialect does, without references. Throws Unreadable for what it does not know, and for what can't be checked. */
export function readPattern(pattern: string, dialect: Dialect): PatternNode {
  const reading = new Reading(pattern, dialect);
  const node = reading.read();
  return reading.hasReferences ? expandReferences(node) : node;
}

class Reading implements EscapeContext {
  readonly cursor: PatternCursor;
  readonly dialect: Dialect;
  modes = NO_MODES;
  hasReferences = false;
  #groups = 0;
  #depth = 0;

  constructor(pattern: string, dialect: Dialect) {
    this.cursor = new PatternCursor(pattern);
    this.dialect = dialect;
  }

  read(): PatternNode {
    const node = this.#choice();
    if (!this.cursor.isAtEnd) throw unknownSyntax();
    return node;
  }

  get #isPython(): boolean {
    return this.dialect === 'python';
  }

  #choice(): PatternNode {
    if (++this.#depth > DEEPEST) throw new Unreadable('groups nested too deep');
    const nodes = [this.#sequence()];
    while (this.cursor.skip('|')) nodes.push(this.#sequence());
    this.#depth--;
    return choice(nodes);
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    for (;;) {
      if (this.modes.verbose) this.cursor.take(/(?:\s|#[^\n]*)+/y);
      const { next } = this.cursor;
      if (next === '' || next === ')' || next === '|') return sequence(nodes);
      const atom = this.#atom();
      if (atom) nodes.push(this.#repeated(atom));
    }
  }

  /** Undefined: something that only sets a mode, or a comment. */
  #atom(): PatternNode | undefined {
    const cursor = this.cursor;
    const { multiline, dotAll, ignoresCase } = this.modes;
    if (cursor.next === '(') return this.#group();
    if (cursor.next === '[') return setNode(readClass(this));
    const char = cursor.takeCharacter();
    switch (char) {
      case '\\':
        return this.#escape();
      case '.':
        if (this.dialect === 'javascript') return setNode(JAVASCRIPT_LINE);
        return setNode(dotAll ? ANY : NOT_NEWLINE);
      case '^':
        return multiline ? LINE_START : START;
      case '$':
        if (multiline) return LINE_END;
        return this.#isPython ? choice([END, BEFORE_LAST_NEWLINE]) : END;
      case '*':
      case '+':
      case '?':
        throw unknownSyntax();
      case '{':
        if (this.dialect === 'rust') throw unknownSyntax();
        break;
      default:
    }
    return setNode(oneCharacter(char, ignoresCase));
  }

  #escape(): PatternNode {
    const cursor = this.cursor;
    const set = readEscapedSet(this);
    if (set) return setNode(set);
    const { ignoresCase } = this.modes;
    if (this.dialect !== 'rust') {
      const number = cursor.take(this.#isPython ? /[1-9]\d?(?!\d)/y : /[1-9]\d*/y)?.[0];
      if (number !== undefined) return this.#reference(Number(number));
      const name = this.#isPython ? undefined : cursor.take(/k<(\w+)>/y)?.[1];
      if (name !== undefined) return this.#reference(name);
    }
    const word = classSet('w', this.dialect, this.modes);
    const side = (isBehind: boolean, isNegated: boolean): PatternNode =>
      look({ node: setNode(word), isBehind, isNegated });
    if (this.dialect === 'rust') {
      if (cursor.take(/b\{start\}|</y)) return sequence([side(true, true), side(false, false)]);
      if (cursor.take(/b\{end\}|>/y)) return sequence([side(true, false), side(false, true)]);
      if (cursor.take(/b\{start-half\}/y)) return side(true, true);
      if (cursor.take(/b\{end-half\}/y)) return side(false, true);
    }
    const letter = cursor.take(this.dialect === 'javascript' ? /[bB]/y : /[AbBzZ]/y)?.[0];
    if (letter === undefined) return setNode(oneCharacter(readEscapedCharacter(this), ignoresCase));
    if (letter === 'A') return START;
    if (letter === 'b' || letter === 'B') return boundary(word, letter === 'b');
    // Rust knows only the small one, Python from version 3.14 both.
    if (letter === 'Z' && this.dialect === 'rust') throw unknownSyntax();
    return END;
  }

  #reference(to: number | string): PatternNode {
    this.hasReferences = true;
    return { kind: 'reference', to, ignoresCase: this.modes.ignoresCase };
  }

  #group(): PatternNode | undefined {
    const cursor = this.cursor;
    if (cursor.text[cursor.at + 1] !== '?') return this.#numbered();
    if (cursor.take(/\(\?#[^)]*\)/y)) return undefined;
    const flags =
      this.dialect === 'javascript' ? null : cursor.take(/\(\?([A-Za-z]*)(?:-([A-Za-z]+))?([:)])/y);
    if (flags) return this.#flags(flags);
    const lookaround = this.dialect === 'rust' ? null : cursor.take(/\(\?(<?)([=!])/y);
    if (lookaround) {
      const node = this.#inside();
      return look({ node, isBehind: lookaround[1] === '<', isNegated: lookaround[2] === '!' });
    }
    if (this.#isPython) {
      const name = cursor.take(/\(\?P=(\w+)\)/y)?.[1];
      if (name !== undefined) return this.#reference(name);
      if (cursor.skip('(?>')) return atomic(this.#inside());
      if (cursor.skip('(?(')) throw new Unreadable('a choice that depends on an earlier group');
    }
    if (this.dialect === 'javascript' && cursor.skip('(?:')) return this.#inside();
    return this.#numbered();
  }

  #numbered(): PatternNode {
    const opening = this.cursor.take(OPENINGS[this.dialect]);
    if (!opening) throw unknownSyntax();
    const index = ++this.#groups;
    return { kind: 'group', index, name: opening[1], node: this.#inside() };
  }

  /** Up to the end of the group, with the modes that are set in it. */
  #inside(): PatternNode {
    const outer = this.modes;
    const node = this.#choice();
    if (!this.cursor.skip(')')) throw unknownSyntax();
    this.modes = outer;
    return node;
  }

  /** `(?i)` is for the rest of the group it stands in, in Python for the whole; `(?i:...)` for its own. */
  #flags([all, on = '', off = '', end]: RegExpExecArray): PatternNode | undefined {
    const outer = this.modes;
    const isForAll = this.#isPython && end === ')';
    if (isForAll && (this.cursor.at !== all.length || off !== '')) throw unknownSyntax();
    if (this.#isPython && /[^imsx]/.test(off)) throw unknownSyntax();
    for (const flag of on) this.#set(flag, true);
    for (const flag of off) this.#set(flag, false);
    if (end === ')') return undefined;
    const node = this.#inside();
    this.modes = outer;
    return node;
  }

  #set(flag: string, isOn: boolean): void {
    const mode = MODE_OF_FLAG[flag];
    if (mode && (mode !== 'ascii' || this.#isPython)) this.modes = { ...this.modes, [mode]: isOn };
    else if (flag === 'u') this.modes = { ...this.modes, ascii: !isOn };
    // Which of several matches is found has no meaning here.
    else if (flag !== 'U' || this.#isPython) throw unknownSyntax();
  }

  #repeated(atom: PatternNode): PatternNode {
    const cursor = this.cursor;
    let node = atom;
    for (let isFirst = true; ; isFirst = false) {
      if (this.modes.verbose) cursor.take(/(?:\s|#[^\n]*)+/y);
      const limits = readLimits(cursor, this.dialect);
      if (!limits) return node;
      // A repetition of a repetition is an error, but for Rust.
      if (!isFirst && this.dialect !== 'rust') throw unknownSyntax();
      const { min, max } = limits;
      if (min > max) throw unknownSyntax();
      const isLazy = cursor.skip('?');
      const repeat = { kind: 'repeat', node, min, max, isLazy } as const;
      node = this.#isPython && !isLazy && cursor.skip('+') ? possessive(repeat) : repeat;
    }
  }
}

const OPENINGS: Readonly<Record<Dialect, RegExp>> = {
  rust: /\((?!\?)|\(\?P?<(\w+)>/y,
  python: /\((?!\?)|\(\?P<(\w+)>/y,
  javascript: /\((?!\?)|\(\?<(\w+)>/y,
};
