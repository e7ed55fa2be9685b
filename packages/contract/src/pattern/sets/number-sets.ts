/** So many numbers tell of a set, as a power of 2. */
const SET_SHIFT = 2;
const NO_SET = -1;

/**
 * Sets of numbers, each kept once and known by a number of its own, with a tag that tells sets of the same numbers apart.
 * All of them lie in a few typed arrays, since thousands are made before the engine has compiled anything, and objects cost.
 */
export class NumberSets {
  /** The numbers of all sets, one set after another. */
  numbers: Int32Array = new Int32Array(256);
  /** Of each set where its numbers end, its tag, and an earlier set whose hash is the same. */
  #sets: Int32Array = new Int32Array(256);
  /** The latest set of a hash. */
  readonly #byHash = new Map<number, number>();
  #marks: Int32Array = new Int32Array(64);
  #mark = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** How many numbers all sets have together. */
  get size(): number {
    return this.startOf(this.#count);
  }

  startOf(set: number): number {
    return set === 0 ? 0 : (this.#sets[(set - 1) << SET_SHIFT] as number);
  }

  endOf(set: number): number {
    return this.#sets[set << SET_SHIFT] as number;
  }

  tagOf(set: number): number {
    return this.#sets[(set << SET_SHIFT) + 1] as number;
  }

  /** The set of these numbers, each of which stands here once, in any order. */
  find(members: readonly number[], tag = 0): number {
    const hash = hashOf(members, tag);
    const latest = this.#byHash.get(hash) ?? NO_SET;
    if (latest !== NO_SET) this.#markAll(members);
    for (let set = latest; set !== NO_SET; set = this.#sets[(set << SET_SHIFT) + 2] as number) {
      if (this.tagOf(set) === tag && this.#isMarked(set, members.length)) return set;
    }
    this.#byHash.set(hash, this.#count);
    return this.#add(members, tag, latest);
  }

  #add(members: readonly number[], tag: number, alike: number): number {
    const set = this.#count++;
    let end = this.startOf(set);
    this.numbers = withRoomFor(this.numbers, end + members.length);
    const { numbers } = this;
    for (let at = 0; at < members.length; at++) numbers[end++] = members[at] as number;
    const at = set << SET_SHIFT;
    this.#sets = withRoomFor(this.#sets, at + (1 << SET_SHIFT));
    this.#sets[at] = end;
    this.#sets[at + 1] = tag;
    this.#sets[at + 2] = alike;
    return set;
  }

  #markAll(members: readonly number[]): void {
    this.#mark++;
    for (let at = 0; at < members.length; at++) {
      const member = members[at] as number;
      if (member >= this.#marks.length) this.#marks = withRoomFor(this.#marks, member + 1);
      this.#marks[member] = this.#mark;
    }
  }

  #isMarked(set: number, length: number): boolean {
    const start = this.startOf(set);
    const end = this.endOf(set);
    if (end - start !== length) return false;
    for (let at = start; at < end; at++) {
      if (this.#marks[this.numbers[at] as number] !== this.#mark) return false;
    }
    return true;
  }
}

/** The array itself, or a longer one with the same beginning. */
export function withRoomFor(array: Int32Array, length: number): Int32Array {
  if (length <= array.length) return array;
  const longer = new Int32Array(Math.max(length, array.length * 2));
  longer.set(array);
  return longer;
}

/** Does not depend on the order. */
function hashOf(members: readonly number[], tag: number): number {
  let sum = tag;
  for (let at = 0; at < members.length; at++) {
    let hash = Math.imul((members[at] as number) + 1, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
    sum = (sum + (hash ^ (hash >>> 13))) | 0;
  }
  return sum;
}
