const PLAIN = /^[A-Za-z_$][\w$-]*$/;
const LONGEST_KEY = 60;

/** A JSON pointer, and a field under it if one is given, as a path that people read: `items[0].name`. */
export function pathOf(pointer: string, field?: string): string {
  const keys = pointer.split('/').slice(1).map(unescapeKey);
  if (field !== undefined) keys.push(field);
  return keys.reduce(join, '');
}

/** `inner` seen from `outer`. */
export function joinPaths(outer: string, inner: string): string {
  if (outer === '' || inner === '') return outer + inner;
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}

function join(path: string, key: string): string {
  if (/^\d{1,9}$/.test(key)) return `${path}[${key}]`;
  // Keys come from the checked value: they are cut, and quoted unless they are plain words.
  const short = key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY - 10)}...` : key;
  if (!PLAIN.test(short)) return `${path}[${JSON.stringify(short)}]`;
  return path ? `${path}.${short}` : short;
}

function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
