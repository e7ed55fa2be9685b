/** More than any payload has, so beyond it a value goes round in circles, or will not be sent. */
const MOST_PARTS = 2_000_000;

/** Whether a bigint stands anywhere in a value. Every value is looked through before it is checked, so nothing is made for that. */
export function hasBigInteger(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (!mayHold(value)) return false;
  const pending = [value];
  let looked = 0;
  for (let whole = pending.pop(); whole && looked < MOST_PARTS; whole = pending.pop()) {
    if (Array.isArray(whole)) {
      for (const part of whole as readonly unknown[]) {
        if (typeof part === 'bigint') return true;
        if (mayHold(part)) pending.push(part);
      }
      looked += whole.length;
    } else {
      for (const key in whole) {
        const part: unknown = whole[key as keyof typeof whole];
        if (typeof part === 'bigint') return true;
        if (mayHold(part)) pending.push(part);
        looked++;
      }
    }
  }
  return false;
}

function mayHold(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}
