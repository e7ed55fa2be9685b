const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BARE = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** A new random UUID (version 4). Also works on pages that a browser does not count as secure. */
export function newId(): string {
  // Browsers have randomUUID only on pages loaded over TLS or from localhost.
  const { randomUUID } = globalThis.crypto as { randomUUID?: () => string };
  return randomUUID ? randomUUID.call(globalThis.crypto) : uuidFromRandomBytes();
}

function uuidFromRandomBytes(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(BARE, '$1-$2-$3-$4-$5');
}

/**
 * A UUID of any version as lower-case text with hyphens; undefined for what is none. Takes the forms
 * that the reference takes: with or without hyphens, in braces, after `urn:uuid:`.
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
