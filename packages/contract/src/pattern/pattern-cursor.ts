import { Unreadable } from './pattern-node.js';

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
    const code = this.text.codePointAt(this.at);
    if (code === undefined) throw unknownSyntax();
    const char = String.fromCodePoint(code);
    this.at += char.length;
    return char;
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
