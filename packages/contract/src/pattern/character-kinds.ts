import type { CharacterSet } from './character-set.js';
import { spendPatternSteps } from './pattern-steps.js';

const PAGE_BITS = 8;
const PAGE_SIZE = 2 ** PAGE_BITS;

/** So many sets are asked about a character in the time of one step; a set that has to be compiled first counts that itself. */
const SETS_PER_STEP = 8;

/** Of a character that was not met before. */
const UNKNOWN_KIND = 0;

/**
 * Tells characters apart only as far as some sets do. A kind is a number from 1; characters of one kind are in the same sets.
 */
export class CharacterKinds {
  /** The kinds of the first 256 characters, as far as they are known. */
  readonly first = new Uint16Array(PAGE_SIZE);
  readonly #sets: readonly CharacterSet[];
  readonly #pages: (Uint16Array | undefined)[] = [this.first];
  readonly #kinds: (readonly boolean[])[] = [[]];
  readonly #byMembership = new Map<string, number>();

  constructor(sets: readonly CharacterSet[]) {
    this.#sets = sets;
  }

  /** How many numbers are in use. */
  get count(): number {
    return this.#kinds.length;
  }

  /** The kind of a character as far as it is known. */
  lookUp(code: number): number {
    return this.#pages[code >> PAGE_BITS]?.[code & (PAGE_SIZE - 1)] ?? UNKNOWN_KIND;
  }

  isIn(kind: number, set: number): boolean {
    return this.#kinds[kind]?.[set] === true;
  }

  kindOf(code: number): number {
    const known = this.lookUp(code);
    if (known !== UNKNOWN_KIND) return known;
    spendPatternSteps(1 + this.#sets.length / SETS_PER_STEP);
    const char = String.fromCodePoint(code);
    const membership = this.#sets.map((set) => set.has(char));
    const key = membership.map(Number).join('');
    let kind = this.#byMembership.get(key);
    if (kind === undefined) {
      kind = this.#kinds.push(membership) - 1;
      this.#byMembership.set(key, kind);
    }
    this.#pages[code >> PAGE_BITS] ??= new Uint16Array(PAGE_SIZE);
    const page = this.#pages[code >> PAGE_BITS];
    if (page) page[code & (PAGE_SIZE - 1)] = kind;
    return kind;
  }
}
