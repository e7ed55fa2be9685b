import { ANY, type CharacterSet, union } from './sets/character-set.js';

/** A pattern as a tree, which says the same whichever dialect it was read from. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly PatternNode[] }
  | RepeatNode
  | LookNode
  | GroupNode
  | { readonly kind: 'reference'; readonly to: number | string; readonly ignoresCase: boolean };

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly node: PatternNode;
  readonly min: number;
  /** May be Infinity. */
  readonly max: number;
  readonly isLazy: boolean;
}

/** Whether what follows, or what stands before, fits; takes nothing. */
export interface LookNode {
  readonly kind: 'look';
  readonly isBehind: boolean;
  readonly isNegated: boolean;
  readonly node: PatternNode;
}

export interface GroupNode {
  readonly kind: 'group';
  /** From 1. */
  readonly index: number;
  readonly name: string | undefined;
  readonly node: PatternNode;
}

/** A pattern, or something in it, that can't be read. */
export class Unreadable extends Error {}

/** Beyond this many parts, repetitions counted, a pattern is not checked. */
export const MOST_PARTS = 40_000;

export const START: PatternNode = look({ node: setNode(ANY), isBehind: true, isNegated: true });
export const END: PatternNode = look({ node: setNode(ANY), isBehind: false, isNegated: true });

export function setNode(set: CharacterSet): PatternNode {
  return { kind: 'set', set };
}

export function sequence(nodes: readonly PatternNode[]): PatternNode {
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'sequence', nodes };
}

export function choice(nodes: readonly PatternNode[]): PatternNode {
  if (nodes.length === 1 && nodes[0]) return nodes[0];
  const sets = nodes.flatMap((node) => (node.kind === 'set' ? [node.set] : []));
  return sets.length === nodes.length ? setNode(union(sets)) : { kind: 'choice', nodes };
}

/** Looking behind works for one character, and for choices of that. Throws Unreadable for more. */
export function look({ node, isBehind, isNegated }: Omit<LookNode, 'kind'>): PatternNode {
  const inner = node.kind === 'group' ? node.node : node;
  if (!isBehind || inner.kind === 'set') return { kind: 'look', isBehind, isNegated, node: inner };
  if (inner.kind === 'look') return isNegated ? { ...inner, isNegated: !inner.isNegated } : inner;
  if (inner.kind !== 'choice') throw new Unreadable('a look behind at more than one character');
  const looks = inner.nodes.map((each) => look({ node: each, isBehind, isNegated }));
  return isNegated ? sequence(looks) : choice(looks);
}

/** Between a character of a word and something else, or the contrary of that. */
export function boundary(word: CharacterSet, isOne: boolean): PatternNode {
  const side = (isBehind: boolean, isNegated: boolean) => look({ node: setNode(word), isBehind, isNegated });
  return choice([
    sequence([side(true, false), side(false, isOne)]),
    sequence([side(true, true), side(false, !isOne)]),
  ]);
}

/** A repetition that gives nothing back. Throws Unreadable where that can't be said of single characters. */
export function possessive({ node, min, max }: RepeatNode): PatternNode {
  if (node.kind !== 'set') throw new Unreadable('a possessive repetition of more than one character');
  const repeated = (from: number, to: number): PatternNode => {
    return { kind: 'repeat', node, min: from, max: to, isLazy: false };
  };
  const noMore = look({ node, isBehind: false, isNegated: true });
  if (max === Number.POSITIVE_INFINITY) return sequence([repeated(min, max), noMore]);
  return min === max
    ? repeated(min, max)
    : choice([repeated(max, max), sequence([repeated(min, max - 1), noMore])]);
}

/** A group that gives nothing back. */
export function atomic(node: PatternNode): PatternNode {
  if (node.kind === 'repeat' && !node.isLazy) return possessive(node);
  if (isFixed(node)) return node;
  throw new Unreadable('an atomic group');
}

function isFixed(node: PatternNode): boolean {
  if (node.kind === 'set' || node.kind === 'look') return true;
  return node.kind === 'sequence' && node.nodes.every(isFixed);
}

/** Whether it can only fit at the beginning of a text. */
export function isAnchored(node: PatternNode): boolean {
  if (node === START) return true;
  if (node.kind === 'choice') return node.nodes.every(isAnchored);
  if (node.kind === 'group') return isAnchored(node.node);
  if (node.kind === 'repeat') return node.min > 0 && isAnchored(node.node);
  if (node.kind !== 'sequence') return false;
  for (const each of node.nodes) {
    if (isAnchored(each)) return true;
    if (each.kind !== 'look') return false;
  }
  return false;
}

/** How many steps it becomes. */
export function partsOf(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, each) => sum + partsOf(each), 1);
    case 'repeat': {
      const copies = node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max;
      return 1 + copies * (1 + partsOf(node.node));
    }
    case 'look':
    case 'group':
      return 1 + partsOf(node.node);
    case 'set':
    case 'reference':
      return 1;
  }
}
