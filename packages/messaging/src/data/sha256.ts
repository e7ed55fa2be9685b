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

/** Of data that are there as a whole, outside of this thread where that can be. Undefined in a page without TLS, which has no hash at all. */
export async function sha256Of(bytes: Uint8Array): Promise<string | undefined> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle) return hexOf(new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
  const hash = startSha256();
  hash?.update(bytes);
  return hash?.hex();
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
