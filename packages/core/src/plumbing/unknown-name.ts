/** What a name is called in an error. One that is no name, such as a URL that was written before a colon, can hold a password. */
export function printableName(name: string): string {
  return /^[\w$-]{1,100}$/.test(name) ? name : '[a name that is not repeated here]';
}

/** Of how many known names an error tells at most; a longer list would not be read. */
const MOST_NAMES = 12;

/** What is wrong with a name that is not among the known ones: what was meant, or else what there is. */
export function unknownField(name: string, known: Iterable<string>, what = 'field'): string {
  const names = [...new Set(known)];
  const meant = didYouMean(name, names);
  if (meant !== '') return `is not a known ${what}; ${meant}`;
  if (names.length > MOST_NAMES)
    return `is not a known ${what}, and is like none of the ${names.length} that are known`;
  return `is not a known ${what}; known are ${names.join(', ') || 'none'}`;
}

/** `did you mean a or b?`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const meant = nearestNames(name, [...new Set(known)]);
  return meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : '';
}

/** The names that `name` is probably a misspelling of; at most three. */
function nearestNames(name: string, known: readonly string[]): string[] {
  const wanted = plain(name);
  const mistakes = wanted.length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 4));
  const near = known
    // Compares the lengths first, because an untrusted name can be arbitrarily long.
    .filter((each) => Math.abs(plain(each).length - wanted.length) <= mistakes)
    .map((each) => ({ each, distance: editDistance(wanted, plain(each)) }));
  const nearest = Math.min(mistakes, ...near.map(({ distance }) => distance));
  const misspelt = near.filter(({ distance }) => distance === nearest).map(({ each }) => each);
  // `timeout` for `requestTimeoutMs`: more than a misspelling, but the meaning is clear.
  const shortened = wanted.length < 4 ? [] : known.filter((each) => plain(each).includes(wanted));
  return (misspelt.length > 0 ? misspelt : shortened).slice(0, 3);
}

/** Apart from how its words are joined, `request_timeout_ms` and `requestTimeoutMs` are one name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** How many letters were left out, added, replaced or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  // rows[i][j]: the distance between the first i letters of a and the first j of b.
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : replaced;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
