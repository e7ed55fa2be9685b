import { NumberSets, withRoomFor } from '../sets/number-sets.js';

/** Beyond this a table is given up, and begun anew with the next state that is needed. */
const MOST_CELLS = 50_000;

/**
 * The states of an automaton that were met, by number, and what each kind of character leads to. A state is what is known of the
 * text up to a place: where each way through the pattern stands, and what the character before is.
 */
export class StateTable {
  /** What a place of the table holds that leads nowhere yet. */
  static readonly UNKNOWN = 0;
  /** Two states that no character leads out of. */
  static readonly FITS = 1;
  static readonly FITS_NOT = 2;
  /** The first number of a state that is known by its threads. */
  static readonly FIRST = 3;

  /** Row for row the states, in each a place for each kind of character. */
  table: Int32Array;
  /** A row has so many places, as a power of 2. */
  readonly shift: number;
  /** The state before the first character, once it was asked for. */
  start: number | undefined;
  /** The threads of the states, tagged with the kind of the character before. */
  readonly threads = new NumberSets();
  /** Whether a text fits that ends in a state, as far as that was asked for. */
  readonly ends = new Map<number, boolean>();

  /** `kinds`: how many kinds of characters there are, at least. */
  constructor(kinds: number) {
    this.shift = Math.max(3, Math.ceil(Math.log2(kinds + 1)));
    this.table = new Int32Array(8 << this.shift);
  }

  get isFull(): boolean {
    return this.threads.size + (this.threads.count << this.shift) > MOST_CELLS;
  }

  /** Whether there is a place for a kind. */
  holds(kind: number): boolean {
    return kind < 1 << this.shift;
  }

  find(threads: readonly number[], before: number): number {
    const state = StateTable.FIRST + this.threads.find(threads, before);
    this.table = withRoomFor(this.table, (state + 1) << this.shift);
    return state;
  }
}
