import {
  ANY,
  type CharacterSet,
  intersection,
  NONE,
  not,
  oneCharacter,
  range,
  union,
} from '../sets/character-set.js';
import { posixSet } from './dialect.js';
import { type PatternCursor, unknownSyntax } from './pattern-cursor.js';
import { type EscapeContext, readEscapedCharacter, readEscapedSet } from './read-escape.js';

const DEEPEST = 50;
const OPERATORS = '&-~';

/** Reads the class that begins where the cursor is, at its `[`. */
export function readClass(context: EscapeContext, depth = 0): CharacterSet {
  if (depth > DEEPEST) throw unknownSyntax();
  const { cursor, dialect } = context;
  cursor.at++;
  const isNegated = cursor.skip('^');
  if (dialect === 'javascript' && cursor.skip(']')) return isNegated ? ANY : NONE;
  const set = dialect === 'rust' ? readOperands(context, depth) : readMembers(context, depth);
  cursor.at++;
  return isNegated ? not(set) : set;
}

/** In Rust `&&`, `--` and `~~` combine what stands before them with what follows. */
function readOperands(context: EscapeContext, depth: number): CharacterSet {
  const { cursor } = context;
  let result = readMembers(context, depth);
  for (;;) {
    const operator = nextOperator(cursor);
    if (operator === undefined) return result;
    cursor.at += 2;
    const right = readMembers(context, depth, true);
    if (operator === '&') result = intersection(result, right);
    else if (operator === '-') result = intersection(result, not(right));
    else result = union([intersection(result, not(right)), intersection(right, not(result))]);
  }
}

/** The character of which an operator is two. */
function nextOperator({ text, at }: PatternCursor): string | undefined {
  const char = text[at];
  return char !== undefined && char === text[at + 1] && OPERATORS.includes(char) ? char : undefined;
}

/** Up to the `]`, or in Rust an operator. The first `]` is a member. */
function readMembers(context: EscapeContext, depth: number, isOperand = false): CharacterSet {
  const { cursor, dialect, modes } = context;
  const sets: CharacterSet[] = [];
  for (let isFirst = !isOperand; ; isFirst = false) {
    if (dialect === 'rust' && modes.verbose) cursor.take(/(?:\s|#[^\n]*)+/y);
    if (cursor.isAtEnd) throw unknownSyntax();
    if (cursor.next === ']' && !(isFirst && dialect !== 'javascript')) return union(sets);
    if (dialect === 'rust') {
      // Hyphens in front are members.
      if (isFirst && cursor.next === '-' && cursor.at + 1 < cursor.text.length) {
        cursor.at++;
        sets.push(oneCharacter('-', false));
        continue;
      }
      if (cursor.next === '[') {
        sets.push(readPosixSet(context) ?? readClass(context, depth + 1));
        continue;
      }
      if (nextOperator(cursor) !== undefined) return union(sets);
    }
    sets.push(readRange(context));
  }
}

/** `[:alpha:]`, if that is next. */
function readPosixSet({ cursor, modes }: EscapeContext): CharacterSet | undefined {
  const [all, negation, name] = cursor.take(/\[:(\^?)(\w+):\]/y) ?? [];
  if (all === undefined) return undefined;
  const posix = posixSet(name ?? '', negation === '^', modes);
  if (!posix) throw unknownSyntax();
  return posix;
}

/** A set, a character, or the range that begins with it. A `-` that can't be between two characters is one itself. */
function readRange(context: EscapeContext): CharacterSet {
  const { cursor, dialect, modes } = context;
  const from = readMember(context);
  const start = cursor.at;
  const behind = cursor.text[start + 1];
  const isRange = cursor.next === '-' && behind !== ']' && (dialect !== 'rust' || behind !== '-');
  if (!isRange) return setOfMember(from, modes.ignoresCase);
  cursor.at++;
  if (cursor.isAtEnd) throw unknownSyntax();
  const to = readMember(context);
  if (typeof from === 'string' && typeof to === 'string') {
    if ((from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0)) throw unknownSyntax();
    return range(from, to, modes.ignoresCase);
  }
  // `[\w-.]` is an error for all but JavaScript, for which the hyphen is one itself.
  if (dialect !== 'javascript') throw unknownSyntax();
  cursor.at = start + 1;
  const rest = readMember(context);
  return union([
    setOfMember(from, modes.ignoresCase),
    oneCharacter('-', false),
    setOfMember(rest, modes.ignoresCase),
  ]);
}

function setOfMember(member: string | CharacterSet, ignoresCase: boolean): CharacterSet {
  return typeof member === 'string' ? oneCharacter(member, ignoresCase) : member;
}

function readMember(context: EscapeContext): string | CharacterSet {
  const { cursor, dialect } = context;
  const char = cursor.takeCharacter();
  if (char !== '\\') return char;
  if (dialect !== 'rust' && cursor.skip('b')) return '\b';
  if (dialect === 'javascript' && cursor.skip('-')) return '-';
  return readEscapedSet(context) ?? readEscapedCharacter(context);
}
