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
      const child = node.children.get(level) ?? createNode();
      node.children.set(level, child);
      node = child;
    }
    node.values.add(value);
  }

  /** Removes the value, and with it the nodes that nothing needs any more. */
  remove(filter: string, value: T): void {
    prune(this.#root, filter.split('/'), value);
  }

  /** Calls the visitor with each value whose filter matches the topic; a value in several filters comes again. */
  match(topic: string, visit: (value: T) => void): void {
    const levels = topic.split('/');
    const walk = (node: Node<T>, index: number): void => {
      // A wildcard at the first level doesn't match `$SYS` and the like.
      const wildcards = index > 0 || !topic.startsWith('$');
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

/** Answers whether the node is empty now. */
function prune<T>(node: Node<T>, [level, ...deeper]: readonly string[], value: T): boolean {
  if (level === undefined) {
    node.values.delete(value);
  } else {
    const child = node.children.get(level);
    if (child !== undefined && prune(child, deeper, value)) node.children.delete(level);
  }
  return node.values.size === 0 && node.children.size === 0;
}
