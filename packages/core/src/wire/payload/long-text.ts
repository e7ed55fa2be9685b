/** Below this the usual way takes no time to speak of. */
const LONG_UNITS = 64 * 1024;

/** What JSON writes in another way than it is, or UTF-8 in more than one byte. */
const NOT_PLAIN = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

const QUOTE = 0x22;
const encoder = new TextEncoder();

/**
 * The JSON of a long text that needs nothing but its quotes, as base64 does, which is how JSON carries bytes: in half the time of
 * `JSON.stringify`, which writes a second text first. Undefined for every other value; for a text with a line break that is found early.
 */
export function encodeLongText(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length < LONG_UNITS || NOT_PLAIN.test(value)) return undefined;
  const bytes = new Uint8Array(value.length + 2);
  bytes[0] = QUOTE;
  encoder.encodeInto(value, bytes.subarray(1));
  bytes[value.length + 1] = QUOTE;
  return bytes;
}
