import { Unreadable } from '../pattern-node.js';

/** Where a pattern is read. */
export class PatternCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next code unit; empty at the end. */
  get next(): string {
    return this.text[this.at] ?? '';
  }

  /** The next character, which is taken. */
  takeCharacter(): string {
    const { next } = this;
    if (next === '') throw unknownSyntax();
    const code = this.text.codePointAt(this.at) ?? 0;
    const char = code > 0xffff ? String.fromCodePoint(code) : next;
    this.at += char.length;
    return char;
  }

  /** Takes a text if it is next. */
  skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes what matches next, if it does; `expression` is sticky. */
  take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    this.at += found?.[0].length ?? 0;
    return found;
  }
}

export function unknownSyntax(): Unreadable {
  return new Unreadable('');
}
