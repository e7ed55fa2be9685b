import type { CharacterKinds } from './character-kinds.js';
import type { Program } from './pattern-program.js';
import { spendPatternSteps, TooManyPatternSteps } from './pattern-steps.js';

/** The kind of what stands before the first character, and behind the last. */
export const OUTSIDE = -1;

const MOST_THREADS = 50_000;

/** A look ahead that is under way. */
interface Look {
  readonly isNegated: boolean;
  readonly threads: readonly number[];
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

export interface Advanced {
  readonly isAccepted: boolean;
  readonly threads: readonly number[];
}

const ACCEPTED: Advanced = { isAccepted: true, threads: [] };

/** Every way through a program at once, so that no text is looked at twice. */
export class Threads {
  readonly #program: Program;
  readonly #kinds: CharacterKinds;
  readonly #threads: Thread[] = [];
  readonly #threadsByKey = new Map<string, number>();
  readonly #looks: Look[] = [];
  readonly #looksByKey = new Map<string, number>();

  constructor(program: Program, kinds: CharacterKinds) {
    this.#program = program;
    this.#kinds = kinds;
  }

  /** Takes the next character, or the end of the text. */
  advance(threads: readonly number[], place: Place): Advanced {
    const reached = this.#reach(threads, place);
    if (!reached) return ACCEPTED;
    const after = new Set<number>();
    for (const { step, looks } of reached) {
      const left = this.#afterLooks(looks, place);
      if (!left) continue;
      if (left.length === 0 && this.#program.steps[step]?.kind === 'accept') return ACCEPTED;
      after.add(this.#thread(step, left));
    }
    spendPatternSteps(after.size);
    return { isAccepted: false, threads: [...after].sort((a, b) => a - b) };
  }

  /** Follows the steps that take no character, and then takes it. Undefined: a way is at its end, whatever follows. */
  #reach(threads: readonly number[], { before, next }: Place): Thread[] | undefined {
    const pending = [...threads];
    const visited = new Set<number>();
    const reached: Thread[] = [];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (visited.has(name)) continue;
      visited.add(name);
      spendPatternSteps(1);
      const { step: index, looks } = this.#threadOf(name);
      const step = this.#program.steps[index];
      switch (step?.kind) {
        case 'accept':
          if (looks.length === 0) return undefined;
          reached.push({ step: index, looks });
          break;
        case 'set':
          if (this.#isIn(next, step.set)) reached.push({ step: step.to, looks });
          break;
        case 'fork':
          for (const to of step.to) pending.push(this.#thread(to, looks));
          break;
        case 'beside':
          if (this.#isIn(step.isBehind ? before : next, step.set) !== step.isNegated) {
            pending.push(this.#thread(step.to, looks));
          }
          break;
        case 'look': {
          const look = this.#look(step.isNegated, [step.from]);
          pending.push(this.#thread(step.to, withLook(looks, look)));
          break;
        }
        default:
      }
    }
    return reached;
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

  #threadOf(name: number): Thread {
    const { length } = this.#program.steps;
    return name < length ? { step: name, looks: [] } : (this.#threads[name - length] as Thread);
  }

  #thread(step: number, looks: readonly number[]): number {
    if (looks.length === 0) return step;
    const key = `${step}:${looks.join(',')}`;
    const known = this.#threadsByKey.get(key);
    if (known !== undefined) return known;
    const name = this.#program.steps.length + this.#threads.push({ step, looks }) - 1;
    this.#threadsByKey.set(key, name);
    if (this.#threads.length > MOST_THREADS) throw new TooManyPatternSteps();
    return name;
  }

  #look(isNegated: boolean, threads: readonly number[]): number {
    const key = `${isNegated ? '!' : '='}${threads.join(',')}`;
    const known = this.#looksByKey.get(key);
    if (known !== undefined) return known;
    const name = this.#looks.push({ isNegated, threads }) - 1;
    this.#looksByKey.set(key, name);
    return name;
  }
}

function withLook(looks: readonly number[], look: number): readonly number[] {
  return looks.includes(look) ? looks : [...looks, look].sort((a, b) => a - b);
}
