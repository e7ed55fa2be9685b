import { CharacterKinds } from './character-kinds.js';
import { isAnchored, type PatternNode } from './pattern-node.js';
import { type Program, programOf } from './pattern-program.js';
import { spendPatternSteps, TooManyPatternSteps } from './pattern-steps.js';
import { StateTable } from './state-table.js';
import { type Advanced, OUTSIDE, Threads, withThread } from './threads.js';

/** So many characters cost as much as one step, where the way is known, and where it goes nowhere else. */
const CHARACTERS_PER_STEP = 100;
const RUNNING_CHARACTERS_PER_STEP = 500;

/** So often it is looked whether steps are left. */
const BLOCK = 65_536;

/** After so many characters that change nothing, those that follow are taken in one go. */
const WORTH_RUNNING = 64;

const [UNKNOWN, FITS, FITS_NOT] = [StateTable.UNKNOWN, StateTable.FITS, StateTable.FITS_NOT];

/**
 * Tries texts on a pattern in a time that grows with the text and not faster, whatever the pattern: it follows all ways at once
 * and remembers the sets of them that it has met (a deterministic automaton, made as far as texts ask for it). What it does
 * is counted, see `allowPatternSteps`.
 */
export class Automaton {
  readonly #program: Program;
  readonly #isAnchored: boolean;
  readonly #kinds: CharacterKinds;
  #threads: Threads;
  #states = new StateTable(0);

  constructor(pattern: PatternNode) {
    this.#program = programOf(pattern);
    this.#isAnchored = isAnchored(pattern);
    this.#kinds = new CharacterKinds(this.#program.sets);
    this.#threads = new Threads(this.#program, this.#kinds);
  }

  /** Whether any part of the text fits. */
  test(text: string): boolean {
    try {
      return this.#test(text);
    } catch (error) {
      // Nothing that was left half done may be met again.
      if (error instanceof TooManyPatternSteps) this.#forget();
      throw error;
    }
  }

  // The one loop that runs for each character; what it needs is at hand in numbers.
  #test(text: string): boolean {
    const kinds = this.#kinds;
    const { first } = kinds;
    const { length } = text;
    let state = this.#begin();
    let { table, shift } = this.#states;
    let at = 0;
    let same = 0;
    while (at < length) {
      const begin = at;
      const end = Math.min(length, at + BLOCK);
      let ran = 0;
      while (at < end) {
        let code = text.charCodeAt(at);
        let next: number;
        if (code < 256) {
          next = table[(state << shift) | (first[code] as number)] as number;
        } else {
          code = text.codePointAt(at) as number;
          next = table[(state << shift) | kinds.lookUp(code)] as number;
          if (code > 0xffff) at++;
        }
        if (next <= FITS_NOT) {
          if (next === UNKNOWN) {
            next = this.#next(state, kinds.kindOf(code));
            ({ table, shift } = this.#states);
          }
          if (next === FITS || next === FITS_NOT) return next === FITS;
        }
        at++;
        same = next === state ? same + 1 : 0;
        state = next;
        if (same === WORTH_RUNNING) {
          const gone = this.#run(state, text, at) - at;
          // Where it brought nothing it is not tried again soon.
          same = gone < WORTH_RUNNING ? Number.NEGATIVE_INFINITY : 0;
          ran += gone;
          at += gone;
        }
      }
      spendPatternSteps((at - begin - ran) / CHARACTERS_PER_STEP);
    }
    return this.#atEnd(state);
  }

  /** Takes all characters that are known to change nothing. Gives where they end. */
  #run(state: number, text: string, start: number): number {
    const staying = this.#states.stayingIn(state, this.#kinds);
    staying.lastIndex = start;
    staying.test(text);
    spendPatternSteps(1 + (staying.lastIndex - start) / RUNNING_CHARACTERS_PER_STEP);
    return staying.lastIndex;
  }

  #begin(): number {
    if (this.#states.isFull) this.#states = new StateTable(this.#kinds.count);
    this.#states.start ??= this.#states.find([this.#program.start], OUTSIDE);
    return this.#states.start;
  }

  /** The state behind a character whose kind may be known from others: a text of many letters is no reason to go all ways again. */
  #next(state: number, kind: number): number {
    const { table, shift } = this.#states;
    const known = this.#states.holds(kind) ? table[(state << shift) | kind] : UNKNOWN;
    return known === undefined || known === UNKNOWN ? this.#after(state, kind) : known;
  }

  /** The state behind a character, which is remembered. */
  #after(state: number, kind: number): number {
    const { threads, before } = this.#states.of(state);
    const { start, looksBehind } = this.#program;
    const advanced = this.#threads.advance(threads, { before, next: kind });
    // Its numbers change, but that of this one is not needed again.
    const isKept = !this.#states.isFull && this.#states.holds(kind);
    if (!isKept) this.#states = new StateTable(Math.max(this.#kinds.count, kind + 1));
    const after = this.#stateOf(advanced, { start, before: looksBehind ? kind : OUTSIDE });
    if (isKept) this.#states.connect({ from: state, kind, to: after });
    return after;
  }

  #stateOf({ isAccepted, threads }: Advanced, { start, before }: { start: number; before: number }): number {
    if (isAccepted) return FITS;
    // It may also begin here.
    const all = this.#isAnchored ? threads : withThread(threads, start);
    return all.length === 0 ? FITS_NOT : this.#states.find(all, before);
  }

  #atEnd(state: number): boolean {
    const { threads, before, end } = this.#states.of(state);
    if (end !== undefined) return end;
    const { isAccepted } = this.#threads.advance(threads, { before, next: OUTSIDE });
    this.#states.of(state).end = isAccepted;
    return isAccepted;
  }

  #forget(): void {
    this.#states = new StateTable(this.#kinds.count);
    this.#threads = new Threads(this.#program, this.#kinds);
  }
}
