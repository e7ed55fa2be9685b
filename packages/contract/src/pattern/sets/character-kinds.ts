import { spendPatternSteps } from '../run/pattern-steps.js';
import { type CharacterSet, isInSet } from './character-set.js';
import { NumberSets, withRoomFor } from './number-sets.js';

const PAGE_BITS = 8;
const PAGE_SIZE = 2 ** PAGE_BITS;

/** What a character costs that was not met before, beside the sets that are asked about it. */
const STEPS_OF_A_CHARACTER = 0.75;

/** So many sets are asked about a character in the time of one step; a set that has to be compiled first counts that itself. */
const SETS_PER_STEP = 8;

/** Of a character that was not met before. */
export const UNKNOWN_KIND = 0;

/** So many sets are looked up in one number. */
const BITS = 32;

/**
 * Tells characters apart only as far as some sets do. A kind is a number from 1; characters of one kind are in the same sets.
 */
export class CharacterKinds {
  /** The kinds of the first 256 characters, as far as they are known. */
  readonly first = new Uint16Array(PAGE_SIZE);
  readonly #sets: readonly CharacterSet[];
  readonly #pages: (Uint16Array | undefined)[] = [this.first];
  /** For each kind but the unknown one the sets that its characters are in. */
  readonly #memberships = new NumberSets();
  /** The same as bits, row for row the kinds. */
  #bits: Int32Array = new Int32Array(0);
  readonly #rowLength: number;

  constructor(sets: readonly CharacterSet[]) {
    this.#sets = sets;
    this.#rowLength = Math.ceil(sets.length / BITS);
  }

  /** How many numbers are in use. */
  get count(): number {
    return this.#memberships.count + 1;
  }

  /** The kind of a character as far as it is known. */
  lookUp(code: number): number {
    return this.#pages[code >> PAGE_BITS]?.[code & (PAGE_SIZE - 1)] ?? UNKNOWN_KIND;
  }

  isIn(kind: number, set: number): boolean {
    return (((this.#bits[kind * this.#rowLength + (set >> 5)] as number) >> (set & 31)) & 1) === 1;
  }

  kindOf(code: number): number {
    const known = this.lookUp(code);
    if (known !== UNKNOWN_KIND) return known;
    spendPatternSteps(STEPS_OF_A_CHARACTER + this.#sets.length / SETS_PER_STEP);
    const members: number[] = [];
    for (let set = 0; set < this.#sets.length; set++) {
      if (isInSet(this.#sets[set] as CharacterSet, code)) members.push(set);
    }
    const kind = this.#memberships.find(members) + 1;
    this.#bits = withRoomFor(this.#bits, (kind + 1) * this.#rowLength);
    for (const set of members) {
      const at = kind * this.#rowLength + (set >> 5);
      this.#bits[at] = (this.#bits[at] as number) | (1 << (set & 31));
    }
    this.#pages[code >> PAGE_BITS] ??= new Uint16Array(PAGE_SIZE);
    const page = this.#pages[code >> PAGE_BITS];
    if (page) page[code & (PAGE_SIZE - 1)] = kind;
    return kind;
  }
}
