import { hidesFromWildcards } from './topics.js';

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly values: Set<T>;
}

const createNode = <T>(): Node<T> => ({ children: new Map(), values: new Set() });

/** A trie of topic filters, one level a node. Matching costs the depth of the topic, not the number of filters. */
export class TopicTree<T> {
  readonly #root: Node<T> = createNode();

  add(filter: string, value: T): void {
    let node = this.#root;
    for (const level of filter.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = createNode();
        node.children.set(level, child);
      }
      node = child;
    }
    node.values.add(value);
  }

  /** Removes the value, and with it the nodes that nothing needs any more. */
  remove(filter: string, value: T): void {
    const path: { parent: Node<T>; level: string; node: Node<T> }[] = [];
    let node = this.#root;
    for (const level of filter.split('/')) {
      const child = node.children.get(level);
      if (child === undefined) return;
      path.push({ parent: node, level, node: child });
      node = child;
    }
    node.values.delete(value);
    for (const step of path.reverse()) {
      if (step.node.values.size > 0 || step.node.children.size > 0) return;
      step.parent.children.delete(step.level);
    }
  }

  /** Calls the visitor with each value whose filter matches the topic; a value in several filters comes again. */
  match(topic: string, visit: (value: T) => void): void {
    const levels = topic.split('/');
    const hidden = hidesFromWildcards(topic);
    const walk = (node: Node<T>, index: number): void => {
      const wildcards = index > 0 || !hidden;
      if (wildcards) node.children.get('#')?.values.forEach(visit);
      const level = levels[index];
      if (level === undefined) {
        node.values.forEach(visit);
        return;
      }
      const exact = node.children.get(level);
      if (exact !== undefined) walk(exact, index + 1);
      const plus = wildcards ? node.children.get('+') : undefined;
      if (plus !== undefined) walk(plus, index + 1);
    };
    walk(this.#root, 0);
  }
}
