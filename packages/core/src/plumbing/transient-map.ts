/** Holds one value of a `BriefMap`, and is empty once that is gone. */
class Box<V> {
  value: V | undefined;

  constructor(value: V) {
    this.value = value;
  }
}

/**
 * A map, in the order of insertion, for values that come and go by the thousands and each stay for a moment, like what is in flight. A
 * `Map` makes a new table each time its table is used up. V8 keeps an old table, with all that stood in it then, and
 * every table after it, until its next full collection, and meanwhile moves them into the old generation: nearly every value, though long
 * gone. Here the tables hold only boxes, and a box lets go of its value.
 */
export class TransientMap<K extends string | number, V> {
  readonly #boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.#boxes.size;
  }

  get(key: K): V | undefined {
    return this.#boxes.get(key)?.value;
  }

  set(key: K, value: V): void {
    const box = this.#boxes.get(key);
    if (box) box.value = value;
    else this.#boxes.set(key, new Box(value));
  }

  /** Tells whether there was one. */
  delete(key: K): boolean {
    const box = this.#boxes.get(key);
    if (!box) return false;
    box.value = undefined;
    return this.#boxes.delete(key);
  }

  /** All values, as they are now. */
  values(): V[] {
    return Array.from(this.#boxes.values(), ({ value }) => value as V);
  }

  /** Empties the map and answers what was in it. */
  takeAll(): V[] {
    const all = this.values();
    for (const box of this.#boxes.values()) box.value = undefined;
    this.#boxes.clear();
    return all;
  }
}
