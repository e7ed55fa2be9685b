/** FNV-1a over UTF-16 units, as a number from 1 to 2^28 - 2: what a subscription identifier can be. */
export function hash28(text: string): number {
  return (fnv1a(text, 0x811c9dc5) % 0xffffffe) + 1;
}

/** A short name for a text, the same in every run: 16 hexadecimal digits. */
export function shortName(text: string): string {
  // Two hashes from different starts, as 32 bits alone could meet by chance.
  return [0x811c9dc5, 0x9e3779b9].map((start) => fnv1a(text, start).toString(16).padStart(8, '0')).join('');
}

function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
