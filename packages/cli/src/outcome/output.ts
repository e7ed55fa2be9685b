import type { Surroundings } from '../frame/surroundings.js';
import { printable } from './printable.js';

const RED = '\u001b[31m';
const RESET = '\u001b[39m';

/**
 * Where a command's words go: data to standard output and nothing else there, all that is for people to standard error.
 * With `--json` each piece of data is one object on a line of its own.
 */
export class Output {
  readonly isJson: boolean;
  readonly #around: Surroundings;
  #hasTold = false;

  constructor(around: Surroundings, { isJson }: { readonly isJson: boolean }) {
    this.#around = around;
    this.isJson = isJson;
  }

  /** Whether a person looks at the data. */
  get isRead(): boolean {
    return this.#around.stdout.isTerminal;
  }

  /** Whether any data were written. */
  get hasTold(): boolean {
    return this.#hasTold;
  }

  /** The outcome in both forms. Whatever ends a line in `text` is up to the caller. */
  async result(object: object, text: string | Uint8Array): Promise<void> {
    if (this.isJson) await this.object(object);
    else this.#write(typeof text === 'string' ? printable(text) : text);
  }

  /** One object. Whole numbers that are bigints are written as their digits. */
  async object(object: object): Promise<void> {
    // Loaded now, since help and completion do without it.
    const { jsonOf } = await import('./json.js');
    this.#write(`${jsonOf(object)}\n`);
  }

  #write(data: string | Uint8Array): void {
    this.#hasTold = true;
    this.#around.stdout.write(data);
  }

  /** A sentence for the person, which no program needs. */
  note(sentence: string): void {
    this.#around.stderr.write(`${printable(sentence)}\n`);
  }

  /** Something that is of interest while one waits, and to nobody later: only where somebody looks. */
  progress(sentence: string): void {
    if (this.#around.stderr.isTerminal) this.note(sentence);
  }

  fault(sentence: string): void {
    const { stderr, env } = this.#around;
    const isColoured = stderr.isTerminal && !env.NO_COLOR;
    stderr.write(`${isColoured ? `${RED}error:${RESET}` : 'error:'} ${printable(sentence)}\n`);
  }
}
