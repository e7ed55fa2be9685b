import { choice, type PatternNode, sequence } from '../pattern-node.js';

/**
 * What takes the texts of two readings of a pattern. They mostly differ in little, such as the end of the text, and only that stands there
 * twice. Gives the first itself where they are the same.
 */
export function unite(a: PatternNode, b: PatternNode): PatternNode {
  switch (a.kind) {
    case 'set':
      if (b.kind === 'set' && a.set.key === b.set.key) return a;
      break;
    case 'sequence':
      if (b.kind === 'sequence' && a.nodes.length === b.nodes.length) return uniteSequences(a, b);
      break;
    case 'choice':
      if (b.kind === 'choice' && a.nodes.length === b.nodes.length) return uniteChoices(a, b);
      break;
    case 'group':
      if (b.kind === 'group') return uniteInside(a, b, true);
      break;
    case 'repeat':
      if (b.kind === 'repeat' && a.min === b.min && a.max === b.max) {
        return uniteInside(a, b, a.max <= 1);
      }
      break;
    case 'look':
      if (b.kind === 'look' && a.isBehind === b.isBehind && a.isNegated === b.isNegated) {
        return uniteInside(a, b, false);
      }
      break;
    case 'reference':
  }
  // The end of the text is one of two for Python.
  if (b.kind === 'choice' && b.nodes.includes(a)) return b;
  return choice([a, b]);
}

type Nodes = Extract<PatternNode, { nodes: unknown }>;
type Inside = Extract<PatternNode, { node: unknown }>;

function uniteSequences(a: Nodes, b: Nodes): PatternNode {
  const nodes = unitedNodes(a, b);
  const from = nodes.findIndex((node, at) => node !== a.nodes[at]);
  if (from === -1) return a;
  const end = nodes.findLastIndex((node, at) => node !== a.nodes[at]) + 1;
  const between =
    end === from + 1
      ? nodes.slice(from, end)
      : [choice([sequence(a.nodes.slice(from, end)), sequence(b.nodes.slice(from, end))])];
  return sequence([...nodes.slice(0, from), ...between, ...nodes.slice(end)]);
}

function uniteChoices(a: Nodes, b: Nodes): PatternNode {
  const nodes = unitedNodes(a, b);
  return nodes.every((node, at) => node === a.nodes[at]) ? a : choice(nodes);
}

function unitedNodes(a: Nodes, b: Nodes): PatternNode[] {
  return a.nodes.map((node, at) => unite(node, b.nodes[at] as PatternNode));
}

/** `isAlike`: what either takes is what one takes that has either inside. */
function uniteInside(a: Inside, b: Inside, isAlike: boolean): PatternNode {
  const node = unite(a.node, b.node);
  if (node === a.node) return a;
  return isAlike ? { ...a, node } : choice([a, b]);
}
