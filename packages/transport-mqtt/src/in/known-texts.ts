const MOST = 256;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of these bytes of UTF-8. */
export function textAt(bytes: Uint8Array, from: number, end: number): string {
  return decoder.decode(bytes.subarray(from, end));
}

interface Known {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/**
 * Short texts that come again with each message, such as the names of headers: found by their bytes, so that none is made anew.
 */
export class KnownTexts {
  readonly #texts = new Map<number, Known>();

  read(bytes: Uint8Array, from: number, end: number): string {
    const length = end - from;
    if (length === 0) return '';
    const key = (length << 16) | ((bytes[from] as number) << 8) | (bytes[end - 1] as number);
    const known = this.#texts.get(key);
    if (known && isAt(known.bytes, bytes, from)) return known.text;
    const text = textAt(bytes, from, end);
    if (this.#texts.size >= MOST) this.#texts.clear();
    this.#texts.set(key, { text, bytes: bytes.slice(from, end) });
    return text;
  }
}

function isAt(wanted: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (wanted[index] !== bytes[from + index]) return false;
  }
  return true;
}
