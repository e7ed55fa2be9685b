import type { CharacterKinds } from './character-kinds.js';
import type { Program } from './pattern-program.js';
import { spendPatternSteps, TooManyPatternSteps } from './pattern-steps.js';

/** The kind of what stands before the first character, and behind the last. */
export const OUTSIDE = -1;

const MOST_THREADS = 50_000;

/** What a round costs beside its threads, and what is remembered of it. */
const STEPS_OF_A_ROUND = 5;

/** A look ahead that is under way. */
interface Look {
  readonly isNegated: boolean;
  readonly threads: ThreadSet;
}

/** A step that is reached, with the looks ahead that must come true. Named by a number: that of the step where there are no looks. */
interface Thread {
  readonly step: number;
  readonly looks: readonly number[];
}

/** What lies on both sides of a place in a text, as kinds of characters. */
export interface Place {
  readonly before: number;
  readonly next: number;
}

/** The names of threads in ascending order, each once. */
export type ThreadSet = readonly number[];

export interface Advanced {
  readonly isAccepted: boolean;
  readonly threads: ThreadSet;
}

const NONE: readonly number[] = [];
const ACCEPTED: Advanced = { isAccepted: true, threads: NONE };

/** Every way through a program at once, so that no text is looked at twice. */
export class Threads {
  readonly #program: Program;
  readonly #kinds: CharacterKinds;
  readonly #threads: Thread[] = [];
  readonly #threadsByKey = new Map<string, number>();
  readonly #looks: Look[] = [];
  readonly #looksByKey = new Map<string, number>();
  // What each round needs is made once: most of this runs before the engine has compiled it, where everything that is made costs.
  readonly #pending: number[] = [];
  readonly #takenIn: Int32Array;
  #visitedIn: Int32Array;
  #round = 0;

  constructor(program: Program, kinds: CharacterKinds) {
    this.#program = program;
    this.#kinds = kinds;
    this.#takenIn = new Int32Array(program.steps.length);
    this.#visitedIn = new Int32Array(program.steps.length);
  }

  /** Takes the next character, or the end of the text. */
  advance(threads: ThreadSet, place: Place): Advanced {
    const looking: Thread[] = [];
    const after = this.#reach(threads, place, looking);
    if (!after) return ACCEPTED;
    for (const { step, looks } of looking) {
      const left = this.#afterLooks(looks, place);
      if (!left) continue;
      if (left.length === 0 && this.#program.steps[step]?.kind === 'accept') return ACCEPTED;
      after.push(this.#thread(step, left));
    }
    spendPatternSteps(STEPS_OF_A_ROUND + after.length);
    return { isAccepted: false, threads: sortedOnce(after) };
  }

  /**
   * Follows the steps that take no character, and then takes it. Gives what it has reached without looks, each once; the rest goes to
   * `looking`. Undefined: a way is at its end, whatever follows.
   */
  #reach(threads: ThreadSet, { before, next }: Place, looking: Thread[]): number[] | undefined {
    const { steps } = this.#program;
    const after: number[] = [];
    const pending = this.#pending;
    pending.length = 0;
    for (const name of threads) pending.push(name);
    const round = ++this.#round;
    const taken = this.#takenIn;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (this.#isVisited(name, round)) continue;
      spendPatternSteps(1);
      const thread = name < steps.length ? undefined : this.#threads[name - steps.length];
      const step = steps[thread ? thread.step : name];
      switch (step?.kind) {
        case 'accept':
          if (!thread) return undefined;
          looking.push(thread);
          break;
        case 'set': {
          const { to } = step;
          if (!this.#isIn(next, step.set)) break;
          if (thread) looking.push({ step: to, looks: thread.looks });
          else if (steps[to]?.kind === 'accept') return undefined;
          else if (taken[to] !== round) {
            taken[to] = round;
            after.push(to);
          }
          break;
        }
        case 'fork':
          for (const to of step.to) pending.push(thread ? this.#thread(to, thread.looks) : to);
          break;
        case 'beside':
          if (this.#isIn(step.isBehind ? before : next, step.set) !== step.isNegated) {
            pending.push(thread ? this.#thread(step.to, thread.looks) : step.to);
          }
          break;
        case 'look': {
          const look = this.#look(step.isNegated, [step.from]);
          pending.push(this.#thread(step.to, withLook(thread?.looks ?? NONE, look)));
          break;
        }
        default:
      }
    }
    return after;
  }

  /** Whether this round has met the thread; from then on it has. */
  #isVisited(name: number, round: number): boolean {
    if (name >= this.#visitedIn.length) {
      const larger = new Int32Array(2 * (name + 1));
      larger.set(this.#visitedIn);
      this.#visitedIn = larger;
    }
    if (this.#visitedIn[name] === round) return true;
    this.#visitedIn[name] = round;
    return false;
  }

  /** The looks ahead that go on behind the next character. Undefined: one of them has failed. */
  #afterLooks(looks: readonly number[], place: Place): readonly number[] | undefined {
    let left: readonly number[] = [];
    for (const name of looks) {
      const look = this.#looks[name];
      if (!look) continue;
      const { isAccepted, threads } = this.advance(look.threads, place);
      const isDecided = isAccepted || threads.length === 0 || place.next === OUTSIDE;
      if (!isDecided) left = withLook(left, this.#look(look.isNegated, threads));
      else if (isAccepted === look.isNegated) return undefined;
    }
    return left;
  }

  #isIn(kind: number, set: number): boolean {
    return kind !== OUTSIDE && this.#kinds.isIn(kind, set);
  }

  #thread(step: number, looks: readonly number[]): number {
    if (looks.length === 0) return step;
    spendPatternSteps(looks.length);
    const key = `${step}:${looks.join(',')}`;
    const known = this.#threadsByKey.get(key);
    if (known !== undefined) return known;
    const name = this.#program.steps.length + this.#threads.push({ step, looks }) - 1;
    this.#threadsByKey.set(key, name);
    if (this.#threads.length > MOST_THREADS) throw new TooManyPatternSteps();
    return name;
  }

  #look(isNegated: boolean, threads: ThreadSet): number {
    spendPatternSteps(threads.length);
    const key = `${isNegated ? '!' : '='}${threads.join(',')}`;
    const known = this.#looksByKey.get(key);
    if (known !== undefined) return known;
    const name = this.#looks.push({ isNegated, threads }) - 1;
    this.#looksByKey.set(key, name);
    return name;
  }
}

/** A set of threads with one more. */
export function withThread(threads: ThreadSet, name: number): ThreadSet {
  return threads.includes(name) ? threads : sortedOnce([name, ...threads]);
}

function sortedOnce(names: number[]): ThreadSet {
  let isSorted = true;
  for (let at = 1; at < names.length && isSorted; at++) {
    isSorted = (names[at - 1] as number) < (names[at] as number);
  }
  // Numbers of a typed array are sorted as such, without a function of ours.
  return isSorted ? names : [...new Set(Int32Array.from(names).sort())];
}

function withLook(looks: readonly number[], look: number): readonly number[] {
  spendPatternSteps(looks.length);
  return looks.includes(look) ? looks : [...looks, look].sort((a, b) => a - b);
}
