import {
  type CharacterSet,
  type PatternReader,
  readEscapedCharacter,
  readSet,
  Untranslatable,
} from './pattern-escapes.js';

/**
 * Writes the class that begins where the reader is, at its `[`. Sets of everything but something have no place
 * within a class of JavaScript, so `[a\W]` becomes `(?:[a]|[^...])`.
 */
export function translateClass(reader: PatternReader, isAscii: boolean): string {
  reader.at++;
  const isNegated = reader.pattern[reader.at] === '^';
  if (isNegated) reader.at++;
  let listed = '';
  const allBut: string[] = [];
  for (let isFirst = true; isFirst || reader.pattern[reader.at] !== ']'; isFirst = false) {
    const member = readMember(reader, isAscii);
    if (typeof member === 'string') listed += readRange(reader, member, isAscii);
    else if (member.isNegated) allBut.push(member.inside);
    else listed += member.inside;
  }
  reader.at++;
  if (allBut.length === 0) return `[${isNegated ? '^' : ''}${listed}]`;
  if (isNegated) return `(?:${allBut.map((inside) => `(?=[${inside}])`).join('')}[^${listed}])`;
  const others = allBut.map((inside) => `[^${inside}]`);
  return `(?:${[...(listed ? [`[${listed}]`] : []), ...others].join('|')})`;
}

function readMember(reader: PatternReader, isAscii: boolean): string | CharacterSet {
  const { pattern, at } = reader;
  const code = pattern.codePointAt(at);
  if (code === undefined) throw new Untranslatable();
  const char = String.fromCodePoint(code);
  // In Rust a class within a class, and the intersection and difference of classes; in Python the characters themselves.
  if (char === '[' || /^(?:&&|--|~~)/.test(pattern.slice(at, at + 2))) throw new Untranslatable();
  reader.at += char.length;
  if (char !== '\\') return char;
  if (pattern[reader.at] === 'b') {
    reader.at++;
    return '\b';
  }
  return readSet(reader, isAscii) ?? readEscapedCharacter(reader);
}

/** A character, or the range that begins with it. A `-` that can't be between two characters is one itself. */
function readRange(reader: PatternReader, from: string, isAscii: boolean): string {
  const { pattern, at } = reader;
  if (pattern[at] !== '-' || pattern[at + 1] === ']') return quoted(from);
  if (pattern[at + 1] === '-') throw new Untranslatable();
  reader.at++;
  const to = readMember(reader, isAscii);
  if (typeof to !== 'string') throw new Untranslatable();
  return `${quoted(from)}-${quoted(to)}`;
}

function quoted(char: string): string {
  return /[\\\][^-]/.test(char) ? `\\${char}` : char;
}
