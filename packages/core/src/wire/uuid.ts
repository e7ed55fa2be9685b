const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BARE = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

const UUID_BYTES = 16;
const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const HYPHEN = '-'.charCodeAt(0);
const HYPHEN_AFTER = new Set([3, 5, 7, 9]);

/** Random bytes for many ids: asking for 16 bytes at a time would take longer than all the rest of the work. */
const pool = new Uint8Array(UUID_BYTES * 128);
let used = pool.length;
const codes: number[] = [];

/**
 * A new random UUID (version 4). Unlike `crypto.randomUUID` it also works on pages that a browser does not count as secure,
 * and the result is a flat string, which V8 compares and encodes faster.
 */
export function newId(): string {
  if (used === pool.length) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  let length = 0;
  for (let index = 0; index < UUID_BYTES; index++) {
    const random = pool[used++] ?? 0;
    const byte = index === 6 ? (random & 0x0f) | 0x40 : index === 8 ? (random & 0x3f) | 0x80 : random;
    codes[length++] = DIGITS[byte >> 4] ?? 0;
    codes[length++] = DIGITS[byte & 0x0f] ?? 0;
    if (HYPHEN_AFTER.has(index)) codes[length++] = HYPHEN;
  }
  return String.fromCharCode(...codes);
}

/**
 * A UUID of any version as lower-case text with hyphens; undefined for anything else. Accepts the forms
 * that the reference accepts: with or without hyphens, in braces, after `urn:uuid:`.
 */
export function normaliseUuid(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  const lower = text.toLowerCase();
  const bare = BARE.exec(lower);
  if (bare) return bare.slice(1).join('-');
  const unwrapped =
    text.startsWith('{') && text.endsWith('}')
      ? lower.slice(1, -1)
      : text.startsWith('urn:uuid:')
        ? lower.slice(9)
        : lower;
  return CANONICAL.test(unwrapped) ? unwrapped : undefined;
}
