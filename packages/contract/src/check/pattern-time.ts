interface Group {
  /** Repeated parts that can take any number of characters, in the alternative being read. */
  repeated: string[];
  /** Characters that must stand between the repetitions, in the alternative being read. */
  fixed: string[];
  ambiguous: boolean;
}

/**
 * True for a pattern that can take exponential time on a text that almost fits: a repetition within a
 * repeated group with nothing that tells one round from the next, such as `(a+)+` or `(\w+\s?)*`. It is
 * an estimate that errs on the side of letting a pattern pass when it does not understand it.
 */
export function mayTakeForever(pattern: string): boolean {
  const stack: Group[] = [];
  let current = newGroup();
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    if (char === '(') {
      stack.push(current);
      current = newGroup();
      at += /^\((?:\?(?::|=|!|<=|<!|P?<\w+>))?/.exec(pattern.slice(at))?.[0].length ?? 1;
      continue;
    }
    if (char === '|') {
      closeAlternative(current);
      at += 1;
      continue;
    }
    let atom: string;
    let inner: Group | undefined;
    if (char === ')') {
      closeAlternative(current);
      inner = current;
      current = stack.pop() ?? newGroup();
      atom = '';
      at += 1;
    } else {
      atom = /^(?:\[(?:\\.|[^\\\]])*\]|\\[pP]\{[^}]*\}|\\.|.)/s.exec(pattern.slice(at))?.[0] ?? '.';
      at += atom.length;
    }
    const quantifier = /^(?:[*+?]|\{\d*,?\d*\})[?+]?/.exec(pattern.slice(at))?.[0] ?? '';
    at += quantifier.length;
    const unbounded = /^(?:[*+]|\{\d*,\})/.test(quantifier);
    if (inner?.ambiguous && unbounded) return true;
    if (inner) current.ambiguous ||= inner.ambiguous;
    else if (unbounded) current.repeated.push(atom);
    else if (!/^(?:\?|\{0?,)/.test(quantifier) && isLiteral(atom)) current.fixed.push(literalOf(atom));
  }
  return false;
}

function newGroup(): Group {
  return { repeated: [], fixed: [], ambiguous: false };
}

function closeAlternative(group: Group): void {
  const { repeated, fixed } = group;
  const separated = fixed.some((char) => !repeated.some((atom) => matches(atom, char)));
  if (repeated.length > 0 && !separated) group.ambiguous = true;
  group.repeated = [];
  group.fixed = [];
}

function isLiteral(atom: string): boolean {
  return /^(?:[^\\[.^$]|\\[^\w])$/s.test(atom);
}

function literalOf(atom: string): string {
  return atom.length > 1 ? atom.slice(1) : atom;
}

function matches(atom: string, char: string): boolean {
  try {
    return new RegExp(`^(?:${atom})$`, 's').test(char);
  } catch {
    return true;
  }
}
