import type { CharacterKinds } from './character-kinds.js';

/** What is known of the text up to a place: where each way through a pattern stands, and what the character before is. */
export interface State {
  readonly threads: readonly number[];
  readonly before: number;
  /** Whether a text fits that ends here, once that was asked for. */
  end: boolean | undefined;
}

/** Beyond this a table is given up, and begun anew with the next state that is needed. */
const MOST_CELLS = 50_000;

/** The states of an automaton that were met, by number, and what each kind of character leads to. */
export class StateTable {
  /** What a place of the table holds that leads nowhere yet. */
  static readonly UNKNOWN = 0;
  /** Two states that no character leads out of. */
  static readonly FITS = 1;
  static readonly FITS_NOT = 2;

  /** Row for row the states, in each a place for each kind of character. */
  table: Int32Array;
  /** A row has so many places, as a power of 2. */
  readonly shift: number;
  /** The state before the first character, once it was asked for. */
  start: number | undefined;
  readonly #states: State[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #staying = new Map<string, RegExp>();
  #cells = 0;

  /** `kinds`: how many kinds of characters there are, at least. */
  constructor(kinds: number) {
    this.shift = Math.max(3, Math.ceil(Math.log2(kinds + 1)));
    this.table = new Int32Array(8 << this.shift);
  }

  get isFull(): boolean {
    return this.#cells > MOST_CELLS;
  }

  /** Whether there is a place for a kind. */
  holds(kind: number): boolean {
    return kind < 1 << this.shift;
  }

  of(state: number): State {
    return this.#states[state - StateTable.FITS_NOT - 1] as State;
  }

  find(threads: readonly number[], before: number): number {
    const key = `${before}:${threads.join(',')}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const state = this.#states.push({ threads, before, end: undefined }) + StateTable.FITS_NOT;
    this.#byKey.set(key, state);
    this.#cells += threads.length + (1 << this.shift);
    if ((state + 1) << this.shift > this.table.length) {
      const larger = new Int32Array(this.table.length * 2);
      larger.set(this.table);
      this.table = larger;
    }
    return state;
  }

  /** An expression that takes all characters that are known to lead from a state to itself; sticky. */
  stayingIn(state: number, kinds: CharacterKinds): RegExp {
    let inside = '';
    for (const [code, kind] of kinds.first.entries()) {
      if (kind !== 0 && this.table[(state << this.shift) | kind] === state) inside += hexadecimal(code);
    }
    const known = this.#staying.get(inside) ?? new RegExp(`[${inside}]*`, 'y');
    this.#staying.set(inside, known);
    return known;
  }

  connect({ from, kind, to }: { from: number; kind: number; to: number }): void {
    this.table[(from << this.shift) | kind] = to;
  }
}

function hexadecimal(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
