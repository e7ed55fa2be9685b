import { sha256Of as fastSha256Of, type Sha256, startSha256 } from '@intersect-sdk/core/internal';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** The SHA-256 of bytes, in hex. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return (await fastSha256Of(bytes)) ?? bytesToHex(sha256(bytes));
}

/** The SHA-256 of a stream, in hex, and its size in bytes. */
export async function sha256OfStream(
  stream: ReadableStream<Uint8Array>,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = startSha256() ?? slowSha256();
  const reader = stream.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { sha256: hash.hex(), size };
    hash.update(value);
    size += value.byteLength;
  }
}

/** For pages, which have no hash of their own for data that come piece by piece. */
function slowSha256(): Sha256 {
  const hash = sha256.create();
  return { update: (piece) => void hash.update(piece), hex: () => bytesToHex(hash.digest()) };
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
