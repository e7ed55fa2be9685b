import type { PathPart } from './run.js';

const PLAIN = /^[A-Za-z_$][\w$-]*$/;
const LONGEST_KEY = 60;

/** The way to a part of a value as people read it: `items[0].name`. */
export function pathOf(parts: readonly PathPart[]): string {
  let path = '';
  for (const part of parts) path = join(path, part);
  return path;
}

function join(path: string, part: PathPart): string {
  if (typeof part === 'number' || /^\d{1,9}$/.test(part)) return `${path}[${part}]`;
  // Keys come from the checked value: they are cut, and quoted unless they are plain words.
  const short = part.length > LONGEST_KEY ? `${part.slice(0, LONGEST_KEY - 10)}...` : part;
  if (!PLAIN.test(short)) return `${path}[${JSON.stringify(short)}]`;
  return path ? `${path}.${short}` : short;
}
