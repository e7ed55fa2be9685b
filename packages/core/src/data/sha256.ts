import { nextTurn } from '../plumbing/turn.js';

/** The SHA-256 of data that come piece by piece. */
export interface Sha256 {
  update(piece: Uint8Array): void;
  /** In lower-case hex. Ends it. */
  hex(): string;
}

/** What is used of Node's crypto, which Bun and Deno have too. */
interface NodeCrypto {
  createHash(name: 'sha256'): {
    update(piece: Uint8Array): unknown;
    digest(encoding: 'hex'): string;
  };
}

interface WithBuiltins {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

// Asked for at run time, so that bundlers for pages find nothing to bundle.
const nodeCrypto = (globalThis as WithBuiltins).process?.getBuiltinModule?.('node:crypto') as
  | NodeCrypto
  | undefined;

/** Undefined in a page, which has no hash for data that come piece by piece. */
export function startSha256(): Sha256 | undefined {
  const hash = nodeCrypto?.createHash('sha256');
  return hash && { update: (piece) => void hash.update(piece), hex: () => hash.digest('hex') };
}

/** So much is hashed in a millisecond, in which nothing else goes on. */
const SLICE_BYTES = 1024 * 1024;

/**
 * Of data that are there as a whole, in lower-case hex. Others have their turn meanwhile. Undefined in a page without TLS, which has no hash
 * at all.
 */
export async function sha256Of(bytes: Uint8Array): Promise<string | undefined> {
  const hash = startSha256();
  // That of `crypto.subtle` takes twice as long for large data, because it copies them first.
  if (hash) return await inSlices(bytes, hash);
  const { subtle } = globalThis.crypto ?? {};
  return subtle && hexOf(new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}

async function inSlices(bytes: Uint8Array, hash: Sha256): Promise<string> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
  }
  return hash.hex();
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
