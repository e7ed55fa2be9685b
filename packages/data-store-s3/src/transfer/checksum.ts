import { startSha256 } from '@intersect-sdk/core/internal';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** The SHA-256 of a stream, in hex, and its size in bytes. */
export async function sha256OfStream(
  stream: ReadableStream<Uint8Array>,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = startSha256();
  const reader = stream.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { sha256: hash.hex(), size };
    hash.update(value);
    size += value.byteLength;
  }
}

/** A checksum as S3 has it in headers. */
export function hexToBase64(hex: string): string {
  return btoa(String.fromCharCode(...hexToBytes(hex)));
}

/** A checksum in hex as S3 has it in a header; undefined for what is none, such as that of an object of many parts. */
export function base64ToHex(base64: string | null): string | undefined {
  if (base64 === null || !/^[A-Za-z0-9+/]{43}=$/.test(base64)) return undefined;
  return bytesToHex(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}
