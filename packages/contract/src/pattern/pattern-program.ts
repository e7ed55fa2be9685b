import type { CharacterSet } from './character-set.js';
import type { PatternNode } from './pattern-node.js';

/** One step of a pattern; steps are named by their index. */
type Step =
  | { readonly kind: 'accept' }
  /** Takes one character of a set. */
  | { readonly kind: 'set'; readonly set: number; readonly to: number }
  | { readonly kind: 'fork'; readonly to: readonly number[] }
  /** Goes on where the next character, or the one before, is of a set. */
  | {
      readonly kind: 'beside';
      readonly set: number;
      readonly isBehind: boolean;
      readonly isNegated: boolean;
      readonly to: number;
    }
  /** Goes on where what follows fits, from a step of its own. */
  | { readonly kind: 'look'; readonly from: number; readonly isNegated: boolean; readonly to: number };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  readonly sets: readonly CharacterSet[];
  readonly looksBehind: boolean;
}

/** A pattern without references, as steps. */
export function programOf(node: PatternNode): Program {
  const writer = new ProgramWriter();
  const accept = writer.add({ kind: 'accept' });
  const start = writer.write(node, accept);
  return { steps: writer.steps, start, sets: writer.sets, looksBehind: writer.looksBehind };
}

class ProgramWriter {
  readonly steps: Step[] = [];
  readonly sets: CharacterSet[] = [];
  looksBehind = false;
  readonly #setsByKey = new Map<string, number>();

  add(step: Step): number {
    return this.steps.push(step) - 1;
  }

  /** Gives the step that a node begins with; `to` is where it goes on. */
  write(node: PatternNode, to: number): number {
    switch (node.kind) {
      case 'set':
        return this.add({ kind: 'set', set: this.#set(node.set), to });
      case 'sequence':
        return node.nodes.reduceRight((next, each) => this.write(each, next), to);
      case 'choice':
        return this.add({ kind: 'fork', to: node.nodes.map((each) => this.write(each, to)) });
      case 'group':
        return this.write(node.node, to);
      case 'repeat':
        return this.#repeat(node, to);
      case 'look': {
        const { isBehind, isNegated } = node;
        if (node.node.kind === 'set') {
          this.looksBehind ||= isBehind;
          return this.add({ kind: 'beside', set: this.#set(node.node.set), isBehind, isNegated, to });
        }
        const from = this.write(node.node, this.add({ kind: 'accept' }));
        return this.add({ kind: 'look', from, isNegated, to });
      }
      case 'reference':
        throw new TypeError('References are written out before');
    }
  }

  #repeat({ node, min, max }: Extract<PatternNode, { kind: 'repeat' }>, to: number): number {
    let start = to;
    if (max === Number.POSITIVE_INFINITY) {
      const ways: number[] = [];
      start = this.add({ kind: 'fork', to: ways });
      ways.push(this.write(node, start), to);
    } else {
      for (let copy = min; copy < max; copy++) {
        start = this.add({ kind: 'fork', to: [this.write(node, start), to] });
      }
    }
    for (let copy = 0; copy < min; copy++) start = this.write(node, start);
    return start;
  }

  #set(set: CharacterSet): number {
    const known = this.#setsByKey.get(set.key);
    if (known !== undefined) return known;
    const index = this.sets.push(set) - 1;
    this.#setsByKey.set(set.key, index);
    return index;
  }
}
