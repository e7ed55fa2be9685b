import { isAnchored, type PatternNode } from '../pattern-node.js';
import { CharacterKinds, UNKNOWN_KIND } from '../sets/character-kinds.js';
import { type Program, programOf } from './pattern-program.js';
import { spendPatternStepsAlongText, TooManyPatternSteps } from './pattern-steps.js';
import { StateTable } from './state-table.js';
import { OUTSIDE, Threads } from './threads.js';

/** So many characters cost as much as one step, where the way is known, and in a long run that changes nothing. */
const CHARACTERS_PER_STEP = 100;
const RUNNING_CHARACTERS_PER_STEP = 400;

/** After so many characters it is looked whether they change anything any more: if the last ones don't, those behind them are taken in a run. */
const STRETCH = 256;
const LOOKED_BACK = 32;

/** So often it is looked whether steps are left. */
const BLOCK = 65_536;

/** From so many characters on a text of ASCII is copied to bytes first, since the engine gives them faster than it gives parts of a text. */
const WORTH_COPYING = 1024;

const { UNKNOWN, FITS, FITS_NOT, FIRST } = StateTable;

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
  /** Whether a character of ASCII leads from a state to itself, while a run of such characters is taken. */
  readonly #stays = new Uint8Array(128);
  /** So many characters of the part that is followed were taken in runs. */
  #ran = 0;

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

  #test(text: string): boolean {
    const { length } = text;
    let state = this.#begin();
    for (let from = 0; from < length; ) {
      let end = Math.min(length, from + BLOCK);
      this.#ran = 0;
      const bytes = end - from >= WORTH_COPYING ? asciiOf(text, from, end) : undefined;
      state = bytes ? this.#followBytes(state, bytes) : this.#followText(state, text, { from, end });
      if (state <= FITS_NOT) return state === FITS;
      // The last character may be two code units.
      if (!bytes && (text.codePointAt(end - 1) as number) > 0xffff) end++;
      spendPatternStepsAlongText(
        (end - from - this.#ran) / CHARACTERS_PER_STEP + this.#ran / RUNNING_CHARACTERS_PER_STEP,
      );
      from = end;
    }
    return this.#atEnd(state);
  }

  // This loop and the inner one of `#followBytes` run for each character; what they need is at hand in numbers.
  #followText(begin: number, text: string, { from, end }: Part): number {
    const kinds = this.#kinds;
    const { first } = kinds;
    let { table, shift } = this.#states;
    let state = begin;
    for (let at = from; at < end; at++) {
      let code = text.charCodeAt(at);
      let kind: number;
      if (code < 256) kind = first[code] as number;
      else {
        code = text.codePointAt(at) as number;
        kind = kinds.lookUp(code);
        if (code > 0xffff) at++;
      }
      let next = table[(state << shift) | kind] as number;
      if (next <= FITS_NOT) {
        if (next === UNKNOWN) {
          next = this.#next(state, kind === UNKNOWN_KIND ? kinds.kindOf(code) : kind);
          ({ table, shift } = this.#states);
        }
        if (next <= FITS_NOT) return next;
      }
      state = next;
    }
    return state;
  }

  #followBytes(begin: number, bytes: Uint8Array): number {
    const { first } = this.#kinds;
    let state = begin;
    for (let at = 0; at < bytes.length; ) {
      const { table, shift } = this.#states;
      const end = Math.min(bytes.length, at + STRETCH);
      let next = state;
      // What is rare is done outside, so that the engine has this loop small, with a table that does not change in it.
      for (; at < end; at++) {
        next = table[(state << shift) | (first[bytes[at] as number] as number)] as number;
        if (next <= FITS_NOT) break;
        state = next;
      }
      if (at === end) {
        if (this.#seemsToStay(state, bytes, at)) at = this.#run(state, bytes, at);
        continue;
      }
      if (next === UNKNOWN) next = this.#next(state, this.#kinds.kindOf(bytes[at] as number));
      if (next <= FITS_NOT) return next;
      state = next;
      at++;
    }
    return state;
  }

  /** Whether the last characters before `end` would all lead from a state to itself: then those behind them often do, too. */
  #seemsToStay(state: number, bytes: Uint8Array, end: number): boolean {
    const { first } = this.#kinds;
    const { table, shift } = this.#states;
    const row = state << shift;
    for (let at = Math.max(0, end - LOOKED_BACK); at < end; at++) {
      if (table[row | (first[bytes[at] as number] as number)] !== state) return false;
    }
    return true;
  }

  /** Takes all characters from `start` on that are known to lead from a state to itself. Gives the place behind them. */
  #run(state: number, bytes: Uint8Array, start: number): number {
    const { first } = this.#kinds;
    const { table, shift } = this.#states;
    const row = state << shift;
    const stays = this.#stays;
    for (let code = 0; code < stays.length; code++) {
      stays[code] = table[row | (first[code] as number)] === state ? 1 : 0;
    }
    const end = endOfRun(bytes, start, stays);
    this.#ran += end - start;
    return end;
  }

  #begin(): number {
    if (this.#states.isFull) this.#states = new StateTable(this.#kinds.count);
    this.#states.start ??= this.#states.find([this.#program.start], OUTSIDE);
    return this.#states.start;
  }

  /** The state behind a character whose kind may be known from others: a text of many letters is no reason to go all ways again. */
  #next(state: number, kind: number): number {
    const states = this.#states;
    const isHeld = states.holds(kind);
    const known = isHeld ? (states.table[(state << states.shift) | kind] as number) : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const before = states.threads.tagOf(state - FIRST);
    const after = this.#threads.advance(states.threads, state - FIRST, { before, next: kind });
    // Its numbers change, but that of this one is not needed again.
    const isKept = isHeld && !states.isFull;
    if (!isKept) this.#states = new StateTable(Math.max(this.#kinds.count, kind + 1));
    const next = this.#stateOf(after, this.#program.looksBehind ? kind : OUTSIDE);
    if (isKept) states.table[(state << states.shift) | kind] = next;
    return next;
  }

  #stateOf(threads: number[] | undefined, before: number): number {
    if (!threads) return FITS;
    // It may also begin here.
    if (!this.#isAnchored && !threads.includes(this.#program.start)) threads.push(this.#program.start);
    return threads.length === 0 ? FITS_NOT : this.#states.find(threads, before);
  }

  #atEnd(state: number): boolean {
    const { threads, ends } = this.#states;
    const known = ends.get(state);
    if (known !== undefined) return known;
    const place = { before: threads.tagOf(state - FIRST), next: OUTSIDE };
    const fits = this.#threads.advance(threads, state - FIRST, place) === undefined;
    ends.set(state, fits);
    return fits;
  }

  #forget(): void {
    this.#states = new StateTable(this.#kinds.count);
    this.#threads = new Threads(this.#program, this.#kinds);
  }
}

interface Part {
  readonly from: number;
  readonly end: number;
}

const encoder = new TextEncoder();
let copied: Uint8Array | undefined;

/** The characters of a part of a text, if all of them are of ASCII; valid up to the next call. */
function asciiOf(text: string, from: number, end: number): Uint8Array | undefined {
  copied ??= new Uint8Array(BLOCK);
  const { read, written } = encoder.encodeInto(text.slice(from, end), copied);
  // What is beyond ASCII becomes several bytes.
  return read === end - from && written === read ? copied.subarray(0, written) : undefined;
}

/** Where the characters end that are marked with 1. Four at a time, which takes two thirds of the time. */
function endOfRun(bytes: Uint8Array, start: number, marks: Uint8Array): number {
  const { length } = bytes;
  let at = start;
  for (; at + 3 < length; at += 4) {
    const two = (marks[bytes[at] as number] as number) & (marks[bytes[at + 1] as number] as number);
    const more = (marks[bytes[at + 2] as number] as number) & (marks[bytes[at + 3] as number] as number);
    if ((two & more) === 0) break;
  }
  while (at < length && marks[bytes[at] as number] === 1) at++;
  return at;
}
