import type { PatternNode } from '../pattern-node.js';
import type { CharacterSet } from '../sets/character-set.js';
import { withRoomFor } from '../sets/number-sets.js';

/** What a step does. A pattern was found. */
export const ACCEPT = 0;
/** Takes one character of the set `first`. */
export const SET = 1;
/** Goes on at `to` and at `first`. */
export const FORK = 2;
/** Goes on where the next character, or the one before, is of the set `first`; `second` is 1 where it must not be. */
export const AHEAD = 3;
export const BEHIND = 4;
/** Goes on where what follows fits from the step `first` on; `second` is 1 where it must not. */
export const LOOK = 5;

/** So many numbers are a step, as a power of 2: what it does, `to` (where it goes on), `first` and `second`. */
export const STEP_SHIFT = 2;

export interface Program {
  /** Steps, which are named by their index. */
  readonly code: Int32Array;
  readonly count: number;
  readonly start: number;
  readonly sets: readonly CharacterSet[];
  readonly looksBehind: boolean;
}

/** A pattern without references, as steps. */
export function programOf(node: PatternNode): Program {
  const writer = new ProgramWriter();
  const start = writer.write(node, writer.add(ACCEPT, 0));
  return {
    code: writer.code,
    count: writer.count,
    start,
    sets: writer.sets,
    looksBehind: writer.looksBehind,
  };
}

class ProgramWriter {
  code: Int32Array = new Int32Array(256);
  count = 0;
  readonly sets: CharacterSet[] = [];
  looksBehind = false;
  readonly #setsByKey = new Map<string, number>();

  add(kind: number, to: number, ...[first = 0, second = 0]: readonly number[]): number {
    const at = this.count << STEP_SHIFT;
    this.code = withRoomFor(this.code, at + (1 << STEP_SHIFT));
    this.code[at] = kind;
    this.code[at + 1] = to;
    this.code[at + 2] = first;
    this.code[at + 3] = second;
    return this.count++;
  }

  /** Gives the step that a node begins with; `to` is where it goes on. */
  write(node: PatternNode, to: number): number {
    switch (node.kind) {
      case 'set':
        return this.add(SET, to, this.#set(node.set));
      case 'sequence': {
        let next = to;
        for (let at = node.nodes.length - 1; at >= 0; at--) {
          next = this.write(node.nodes[at] as PatternNode, next);
        }
        return next;
      }
      case 'choice': {
        let start: number | undefined;
        for (const each of node.nodes) {
          const way = this.write(each, to);
          start = start === undefined ? way : this.add(FORK, start, way);
        }
        return start ?? to;
      }
      case 'group':
        return this.write(node.node, to);
      case 'repeat':
        return this.#repeat(node, to);
      case 'look': {
        const isNegated = Number(node.isNegated);
        if (node.node.kind === 'set') {
          this.looksBehind ||= node.isBehind;
          return this.add(node.isBehind ? BEHIND : AHEAD, to, this.#set(node.node.set), isNegated);
        }
        const from = this.write(node.node, this.add(ACCEPT, 0));
        const look = this.add(LOOK, to, from, isNegated);
        // Mostly its first character decides, such as that of the last line feed that `$` of Python takes; that is seen without looking on.
        const first = node.node.kind === 'sequence' && !node.isNegated ? node.node.nodes[0] : undefined;
        return first?.kind === 'set' ? this.add(AHEAD, look, this.#set(first.set)) : look;
      }
      case 'reference':
        throw new TypeError('References are written out before');
    }
  }

  #repeat({ node, min, max }: Extract<PatternNode, { kind: 'repeat' }>, to: number): number {
    let rest = to;
    if (max === Number.POSITIVE_INFINITY) {
      rest = this.add(FORK, to, to);
      const body = this.write(node, rest);
      this.code[(rest << STEP_SHIFT) + 1] = body;
    } else if (max > min) rest = this.#several(node, to, { times: max - min, isOptional: true });
    return min > 0 ? this.#several(node, rest, { times: min, isOptional: false }) : rest;
  }

  /** All but the first are copies of it, which is faster by far where they are thousands. What is optional may be passed by. */
  #several(node: PatternNode, to: number, { times, isOptional }: Several): number {
    const from = this.count;
    const entry = this.write(node, to);
    const end = this.count;
    if (end === from) return to;
    let next = isOptional ? this.add(FORK, entry, to) : entry;
    this.code = withRoomFor(this.code, (end + times * (end - from + 1)) << STEP_SHIFT);
    for (let copy = 1; copy < times; copy++) {
      const begin = this.count;
      this.#copy({ from, end, to }, next);
      next = entry - from + begin;
      if (isOptional) next = this.add(FORK, next, to);
    }
    return next;
  }

  /** Writes some steps once more, which go on at `next` where those go on at `to`. Everything else that they lead to is among themselves. */
  #copy({ from, end, to }: Written, next: number): void {
    const { code } = this;
    const shift = this.count - from;
    for (let step = from; step < end; step++) {
      const at = step << STEP_SHIFT;
      const copied = (step + shift) << STEP_SHIFT;
      const kind = code[at] as number;
      const target = code[at + 1] as number;
      const first = code[at + 2] as number;
      code[copied] = kind;
      code[copied + 1] = target === to ? next : target + shift;
      if (kind !== FORK && kind !== LOOK) code[copied + 2] = first;
      else code[copied + 2] = first === to ? next : first + shift;
      code[copied + 3] = code[at + 3] as number;
    }
    this.count += end - from;
  }

  #set(set: CharacterSet): number {
    const known = this.#setsByKey.get(set.key);
    if (known !== undefined) return known;
    const index = this.sets.push(set) - 1;
    this.#setsByKey.set(set.key, index);
    return index;
  }
}

interface Several {
  readonly times: number;
  readonly isOptional: boolean;
}

/** Steps that were written one after another, and where they go on. */
interface Written {
  readonly from: number;
  readonly end: number;
  readonly to: number;
}
