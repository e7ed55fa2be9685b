import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
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

/** Slower in a page, which has no hash of its own for data that come piece by piece. */
export function startSha256(): Sha256 {
  const native = nodeCrypto?.createHash('sha256');
  if (native) return { update: (piece) => void native.update(piece), hex: () => native.digest('hex') };
  const hash = sha256.create();
  return { update: (piece) => void hash.update(piece), hex: () => bytesToHex(hash.digest()) };
}

/** So much is hashed in a millisecond, in which nothing else goes on. */
const SLICE_BYTES = 1024 * 1024;

/** Of data that are there as a whole, in lower-case hex. Others have their turn meanwhile. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  // A page without TLS has no `crypto.subtle`. Node's takes twice as long for large data as the other hash, because it copies them first.
  const subtle = nodeCrypto ? undefined : globalThis.crypto?.subtle;
  if (!subtle) return await inSlices(bytes, startSha256());
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}

async function inSlices(bytes: Uint8Array, hash: Sha256): Promise<string> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
  }
  return hash.hex();
}
