/** Holds one value of a `TransientMap`, and is empty once that value was removed. */
class Box<V> {
  value: V | undefined;

  constructor(value: V) {
    this.value = value;
  }
}

/**
 * A map, in the order of insertion, for thousands of values that each stay only for a moment, such as what is in flight. V8
 * keeps a `Map`'s outgrown hash tables, and every value they referenced, until the next full garbage collection, and
 * moves them into the old generation meanwhile. Here the tables hold boxes; deleting an entry empties its box, so
 * its value is freed at once.
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

  /** Returns whether there was an entry. */
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

  /** Empties the map and returns what was in it. */
  takeAll(): V[] {
    const all = this.values();
    for (const box of this.#boxes.values()) box.value = undefined;
    this.#boxes.clear();
    return all;
  }
}
