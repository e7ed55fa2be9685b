import type { CharacterKinds } from '../sets/character-kinds.js';
import { NumberSets, withRoomFor } from '../sets/number-sets.js';
import { ACCEPT, AHEAD, BEHIND, FORK, LOOK, type Program, SET, STEP_SHIFT } from './pattern-program.js';
import { spendPatternSteps, TooManyPatternSteps } from './pattern-steps.js';

/** The kind of what stands before the first character, and behind the last. */
export const OUTSIDE = -1;

const MOST_THREADS = 50_000;

/** What a round costs beside its threads, and what is remembered of it. */
const STEPS_OF_A_ROUND = 3;

/** What looks ahead cost, which are found by keys and remembered. */
const STEPS_OF_A_THREAD_WITH_LOOKS = 2;
const STEPS_TO_REMEMBER = 3;

/** What lies on both sides of a place in a text, as kinds of characters. */
export interface Place {
  readonly before: number;
  readonly next: number;
}

/** What became of looks ahead that are decided; others are numbers from 0. */
const PASSED = -1;
const FAILED = -2;

/** No looks ahead that must come true. */
const NO_LOOKS = 0;

/**
 * Every way through a program at once, so that no text is looked at twice. A thread is a step that is reached, with the looks ahead
 * that must come true; it is named by a number, which is that of the step where there are no looks.
 */
export class Threads {
  readonly #program: Program;
  readonly #kinds: CharacterKinds;
  /** Of threads with looks, the names of which follow those of steps. */
  readonly #steps: number[] = [];
  readonly #lookSets: number[] = [];
  readonly #names = new Map<number, number>();
  /** The threads of each look that is under way, tagged with 1 where it must not come true. */
  readonly #looks = new NumberSets();
  /** Looks that must come true together. */
  readonly #looksTogether = new NumberSets();
  /** What became of looks with the next character, by the step they begin with, or by their number. */
  readonly #begun = new Map<number, number>();
  readonly #continued = new Map<number, number>();
  #visitedIn: Int32Array;
  #takenIn: Int32Array;
  #round = 0;

  constructor(program: Program, kinds: CharacterKinds) {
    this.#program = program;
    this.#kinds = kinds;
    this.#visitedIn = new Int32Array(program.count);
    this.#takenIn = new Int32Array(program.count);
    this.#looksTogether.find([]);
  }

  /** Takes the next character, or the end of the text, for a set of threads. Undefined: one is at its end, whatever follows. */
  advance(sets: NumberSets, set: number, place: Place): number[] | undefined {
    this.#begun.clear();
    this.#continued.clear();
    return this.#advance(sliceOf(sets, set), place);
  }

  /**
   * Follows the steps that take no character, and then takes it. Looks are advanced where they are met: their steps are their own, so
   * what was visited here is not touched by that.
   */
  #advance({ numbers, from, end }: Slice, place: Place): number[] | undefined {
    const { code, count } = this.#program;
    const { before, next } = place;
    const round = ++this.#round;
    const after: number[] = [];
    const pending: number[] = [];
    let work = STEPS_OF_A_ROUND;
    for (let at = from; at < end; at++) {
      const name = numbers[at] as number;
      if (name < count) pending.push(name);
      else {
        const looks = this.#continue(this.#lookSets[name - count] as number, place);
        if (looks !== FAILED) pending.push(this.#thread(this.#steps[name - count] as number, looks));
      }
    }
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (this.#visitedIn[name] === round) continue;
      this.#visitedIn[name] = round;
      work += name < count ? 1 : STEPS_OF_A_THREAD_WITH_LOOKS;
      const looks = name < count ? NO_LOOKS : (this.#lookSets[name - count] as number);
      const at = (name < count ? name : (this.#steps[name - count] as number)) << STEP_SHIFT;
      const to = code[at + 1] as number;
      const first = code[at + 2] as number;
      switch (code[at]) {
        case SET: {
          if (next === OUTSIDE || !this.#kinds.isIn(next, first)) break;
          if (looks === NO_LOOKS && code[to << STEP_SHIFT] === ACCEPT) return this.#found(work);
          const thread = looks === NO_LOOKS ? to : this.#thread(to, looks);
          if (this.#takenIn[thread] === round) break;
          this.#takenIn[thread] = round;
          after.push(thread);
          break;
        }
        case FORK:
          pending.push(this.#thread(first, looks), this.#thread(to, looks));
          break;
        case AHEAD:
        case BEHIND: {
          const beside = code[at] === AHEAD ? next : before;
          const isIn = beside !== OUTSIDE && this.#kinds.isIn(beside, first);
          if (isIn === (code[at + 3] === 0)) pending.push(this.#thread(to, looks));
          break;
        }
        case LOOK: {
          const look = this.#begin(first, code[at + 3] as number, place);
          if (look === PASSED) pending.push(this.#thread(to, looks));
          else if (look !== FAILED) pending.push(this.#thread(to, this.#withLook(looks, look)));
          break;
        }
        default:
          if (looks === NO_LOOKS) return this.#found(work);
          after.push(name);
      }
    }
    spendPatternSteps(work + after.length);
    return after;
  }

  #found(work: number): undefined {
    spendPatternSteps(work);
  }

  /** What becomes of a look with the character that it begins at. */
  #begin(step: number, isNegated: number, place: Place): number {
    const key = step * 2 + isNegated;
    const known = this.#begun.get(key);
    if (known !== undefined) return known;
    const look = this.#lookAfter({ numbers: Int32Array.of(step), from: 0, end: 1 }, isNegated, place);
    this.#begun.set(key, look);
    return look;
  }

  /** What is left of looks behind the next character. */
  #continue(looks: number, place: Place): number {
    const known = this.#continued.get(looks);
    if (known !== undefined) return known;
    const { numbers, from, end } = sliceOf(this.#looksTogether, looks);
    let left = NO_LOOKS;
    for (let at = from; at < end && left !== FAILED; at++) {
      const set = numbers[at] as number;
      const look = this.#lookAfter(sliceOf(this.#looks, set), this.#looks.tagOf(set), place);
      if (look === FAILED) left = FAILED;
      else if (look !== PASSED) left = this.#withLook(left, look);
    }
    this.#continued.set(looks, left);
    return left;
  }

  #lookAfter(threads: Slice, isNegated: number, place: Place): number {
    const after = this.#advance(threads, place);
    if (after && after.length > 0 && place.next !== OUTSIDE) return this.#looks.find(after, isNegated);
    return (after === undefined) === (isNegated === 0) ? PASSED : FAILED;
  }

  #withLook(looks: number, look: number): number {
    const { numbers, from, end } = sliceOf(this.#looksTogether, looks);
    const members = [...numbers.subarray(from, end)];
    spendPatternSteps(STEPS_TO_REMEMBER + members.length);
    return members.includes(look) ? looks : this.#looksTogether.find([...members, look]);
  }

  #thread(step: number, looks: number): number {
    if (looks === NO_LOOKS) return step;
    const { count } = this.#program;
    const key = looks * count + step;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    spendPatternSteps(STEPS_TO_REMEMBER);
    const name = count + this.#steps.push(step) - 1;
    this.#lookSets.push(looks);
    this.#names.set(key, name);
    if (this.#steps.length > MOST_THREADS) throw new TooManyPatternSteps();
    this.#visitedIn = withRoomFor(this.#visitedIn, name + 1);
    this.#takenIn = withRoomFor(this.#takenIn, name + 1);
    return name;
  }
}

interface Slice {
  readonly numbers: Int32Array;
  readonly from: number;
  readonly end: number;
}

function sliceOf(sets: NumberSets, set: number): Slice {
  return { numbers: sets.numbers, from: sets.startOf(set), end: sets.endOf(set) };
}
