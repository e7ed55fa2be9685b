import type { CharacterKinds } from './character-kinds.js';
import { spendPatternSteps } from './pattern-steps.js';
import type { ThreadSet } from './threads.js';

/** What is known of the text up to a place: where each way through a pattern stands, and what the character before is. */
export interface State {
  readonly threads: ThreadSet;
  readonly before: number;
  /** Another state whose hash is the same. */
  readonly alike: number | undefined;
  /** Whether a text fits that ends here, once that was asked for. */
  end: boolean | undefined;
  /** What takes the characters that stay in it, as far as they were known when so many ways and kinds were. */
  staying: { readonly expression: RegExp; readonly known: number } | undefined;
}

/** Beyond this a table is given up, and begun anew with the next state that is needed. */
const MOST_CELLS = 50_000;

/** What an expression costs that takes many characters in one go. */
const STEPS_TO_MAKE = 60;

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
  readonly #byHash = new Map<number, number>();
  readonly #staying = new Map<string, RegExp>();
  #cells = 0;
  #connections = 0;

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

  find(threads: ThreadSet, before: number): number {
    let hash = before;
    for (let at = 0; at < threads.length; at++) hash = Math.imul(hash ^ (threads[at] as number), 0x0100_0193);
    const alike = this.#byHash.get(hash);
    for (let known = alike; known !== undefined; known = this.of(known).alike) {
      if (isState(this.of(known), threads, before)) return known;
    }
    const made = { threads, before, end: undefined, staying: undefined, alike };
    const state = this.#states.push(made) + StateTable.FITS_NOT;
    this.#byHash.set(hash, state);
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
    const known = this.#connections + kinds.count;
    const of = this.of(state);
    if (of.staying?.known === known) return of.staying.expression;
    spendPatternSteps(STEPS_TO_MAKE);
    let inside = '';
    for (const [code, kind] of kinds.first.entries()) {
      if (kind !== 0 && this.table[(state << this.shift) | kind] === state) inside += hexadecimal(code);
    }
    const expression = this.#staying.get(inside) ?? new RegExp(`[${inside}]*`, 'y');
    this.#staying.set(inside, expression);
    of.staying = { expression, known };
    return expression;
  }

  connect({ from, kind, to }: { from: number; kind: number; to: number }): void {
    this.table[(from << this.shift) | kind] = to;
    this.#connections++;
  }
}

function isState(state: State, threads: ThreadSet, before: number): boolean {
  if (state.before !== before || state.threads.length !== threads.length) return false;
  for (let at = 0; at < threads.length; at++) if (state.threads[at] !== threads[at]) return false;
  return true;
}

function hexadecimal(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
