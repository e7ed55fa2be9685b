/** The largest number in what JSON became, as far as it matters how large it is. */
export type LargestNumber =
  /** All are safe integers, or fractions. */
  | 'safe'
  /** At least one is beyond 2^53, where there are whole numbers that JavaScript has no number for. */
  | 'big'
  /** At least one was too large for JavaScript. */
  | 'infinite';

/** Looks at every number in what JSON became. */
export function largestNumberIn(value: unknown): LargestNumber {
  const found = { isBig: false, isInfinite: false };
  visit(value, found);
  return found.isInfinite ? 'infinite' : found.isBig ? 'big' : 'safe';
}

function visit(value: unknown, found: { isBig: boolean; isInfinite: boolean }): void {
  if (typeof value === 'number') {
    if (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return;
    if (Number.isFinite(value)) found.isBig = true;
    else found.isInfinite = true;
  } else if (Array.isArray(value)) {
    for (const item of value) visit(item, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) visit((value as Readonly<Record<string, unknown>>)[key], found);
  }
}
