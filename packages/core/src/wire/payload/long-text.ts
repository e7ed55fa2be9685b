/** Below this the usual way takes no time to speak of. */
const LONG_UNITS = 64 * 1024;

/** What JSON writes in another way than it is, or UTF-8 in more than one byte. */
const NOT_PLAIN = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** So many words are looked at in one go. */
const BLOCK_WORDS = 16 * 1024;
const QUOTE = 0x22;
const encoder = new TextEncoder();

/**
 * The JSON of a long text that needs nothing but its quotes, as base64 does, which is how JSON carries bytes: in two thirds of the time of
 * `JSON.stringify`, which writes a second text first. Undefined for every other value; for a text with a line break that is found early.
 */
export function encodeLongText(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length < LONG_UNITS) return undefined;
  if (NOT_PLAIN.test(value.slice(0, LONG_UNITS)) || value.includes('"') || value.includes('\\'))
    return undefined;
  const bytes = new Uint8Array(value.length + 2);
  bytes[0] = QUOTE;
  // There is room for a byte of each unit, so all of them are read only where each is ASCII.
  const { read } = encoder.encodeInto(value, bytes.subarray(1, value.length + 1));
  bytes[value.length + 1] = QUOTE;
  return read === value.length && !hasControls(bytes) ? bytes : undefined;
}

/**
 * The text that a long JSON text is, where there is nothing in it but the text and its quotes, which `JSON.parse` would copy. Undefined
 * for every other JSON, and for what is none. `bytes` are the same in UTF-8.
 */
export function decodeLongText(json: string, bytes: Uint8Array): string | undefined {
  if (json.length < LONG_UNITS || json.charCodeAt(0) !== QUOTE) return undefined;
  if (json.indexOf('"', 1) !== json.length - 1 || json.includes('\\') || hasControls(bytes)) return undefined;
  return json.slice(1, -1);
}

/** Whether there is a byte below a space, which no text in JSON may have. Also true where that can't be told in no time. */
function hasControls(bytes: Uint8Array): boolean {
  if (bytes.byteOffset % 4 !== 0) return true;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  for (let begin = 0; begin < words.length; begin += BLOCK_WORDS) {
    const end = Math.min(begin + BLOCK_WORDS, words.length);
    let found = 0;
    for (let at = begin; at < end; at++) {
      const word = words[at] as number;
      // The highest bit of a byte stays set where less than a space was there: four bytes at once.
      found |= (word - 0x20202020) & ~word & 0x80808080;
    }
    if (found !== 0) return true;
  }
  return bytes.subarray(words.length * 4).some((byte) => byte < 0x20);
}
