/** The way to a part of a value: names of fields, and indexes. */
export type PathParts = readonly (string | number)[];

const MOST_PATHS = 300;
const DEEPEST = 8;
const FIRST_ITEMS = 16;
const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** The ways to all numbers in a value, as text; of a long list the first items. */
export function numericPathsOf(value: unknown): string[] {
  const found: string[] = [];
  collect(value, [], found);
  return found;
}

function collect(value: unknown, parts: PathParts, found: string[]): void {
  if (found.length >= MOST_PATHS || parts.length > DEEPEST) return;
  if (typeof value === 'number' || typeof value === 'bigint') found.push(pathText(parts));
  else if (Array.isArray(value)) {
    for (const [index, item] of value.slice(0, FIRST_ITEMS).entries())
      collect(item, [...parts, index], found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, [...parts, key], found);
  }
}

/** `a.b[0]["odd name"]`; empty for the whole value. */
export function pathText(parts: PathParts): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (PLAIN.test(part)) text += text ? `.${part}` : part;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

const STEP = /^(?:\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\])/;

/** Reads what `pathText` wrote; undefined where it is none. */
export function readPath(text: string): PathParts | undefined {
  const parts: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (!step) return undefined;
    const [whole, name, index, quoted] = step;
    if (name !== undefined) parts.push(name);
    else if (index !== undefined) parts.push(Number(index));
    else parts.push(JSON.parse(quoted ?? '""') as string);
    rest = rest.slice(whole.length);
  }
  return parts;
}

/** The number there; undefined where there is none. */
export function numberAt(value: unknown, parts: PathParts): number | undefined {
  let at: unknown = value;
  for (const part of parts) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  if (typeof at === 'bigint') return Number(at);
  return typeof at === 'number' ? at : undefined;
}
