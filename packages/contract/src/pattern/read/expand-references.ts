import {
  choice,
  type GroupNode,
  MOST_PARTS,
  type PatternNode,
  partsOf,
  sequence,
  setNode,
  Unreadable,
} from '../pattern-node.js';
import { oneCharacter } from '../sets/character-set.js';

const MOST_TEXTS = 64;

/**
 * The pattern without references to earlier groups: it is written once for each text that such a group can have taken. Throws
 * Unreadable where those are many.
 */
export function expandReferences(node: PatternNode): PatternNode {
  const target = firstReference(node);
  if (target === undefined) return node;
  // A group that may be passed by, or passed twice, says nothing certain to a reference.
  const group = alwaysPassed(node).find(({ index, name }) => index === target || name === target);
  const texts = group && textsOf(group.node);
  if (!group || !texts || texts.length * partsOf(node) > MOST_PARTS) {
    throw new Unreadable('a reference to an earlier group');
  }
  return expandReferences(choice(texts.map((text) => new Replacement(group, text).of(node))));
}

class Replacement {
  readonly #group: GroupNode;
  readonly #text: readonly string[];

  constructor(group: GroupNode, text: readonly string[]) {
    this.#group = group;
    this.#text = text;
  }

  of(node: PatternNode): PatternNode {
    switch (node.kind) {
      case 'sequence':
        return sequence(node.nodes.map((each) => this.of(each)));
      case 'choice':
        return choice(node.nodes.map((each) => this.of(each)));
      case 'group':
        return node === this.#group ? this.#taken(false) : { ...node, node: this.of(node.node) };
      case 'repeat':
      case 'look':
        return { ...node, node: this.of(node.node) };
      case 'reference':
        return node.to === this.#group.index || node.to === this.#group.name
          ? this.#taken(node.ignoresCase)
          : node;
      case 'set':
        return node;
    }
  }

  #taken(ignoresCase: boolean): PatternNode {
    return sequence(this.#text.map((char) => setNode(oneCharacter(char, ignoresCase))));
  }
}

function firstReference(node: PatternNode): number | string | undefined {
  if (node.kind === 'reference') return node.to;
  for (const each of childrenOf(node)) {
    const found = firstReference(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function alwaysPassed(node: PatternNode): GroupNode[] {
  if (node.kind === 'group') return [node, ...alwaysPassed(node.node)];
  return node.kind === 'sequence' ? node.nodes.flatMap(alwaysPassed) : [];
}

function childrenOf(node: PatternNode): readonly PatternNode[] {
  if (node.kind === 'sequence' || node.kind === 'choice') return node.nodes;
  return node.kind === 'set' || node.kind === 'reference' ? [] : [node.node];
}

/** Every text that a node can take, where they are few. */
function textsOf(node: PatternNode): readonly (readonly string[])[] | undefined {
  switch (node.kind) {
    case 'set':
      return node.set.listed?.map((char) => [char]);
    case 'choice':
      return few(node.nodes.reduce<Texts>((sum, each) => join(sum, textsOf(each)), []));
    case 'sequence':
      return node.nodes.reduce<Texts>((sum, each) => few(product(sum, textsOf(each))), [[]]);
    case 'group':
      return textsOf(node.node);
    case 'repeat': {
      if (node.max > MOST_TEXTS) return undefined;
      const one = textsOf(node.node);
      let [all, last]: Texts[] = [[], [[]]];
      for (let count = 0; count <= node.max; count++) {
        if (count >= node.min) all = few(join(all, last));
        last = few(product(last, one));
      }
      return all;
    }
    default:
      return undefined;
  }
}

type Texts = readonly (readonly string[])[] | undefined;

function few(texts: Texts): Texts {
  return texts && texts.length <= MOST_TEXTS ? texts : undefined;
}

function join(a: Texts, b: Texts): Texts {
  return a && b && [...a, ...b];
}

function product(a: Texts, b: Texts): Texts {
  return a && b && a.flatMap((left) => b.map((right) => [...left, ...right]));
}
