import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nextTurn, sha256Of } from '../../src/internal.js';

const MIB = 1024 * 1024;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

type Sha256Module = typeof import('../../src/data/sha256.js');

async function load(): Promise<Sha256Module> {
  vi.resetModules();
  return await import('../../src/data/sha256.js');
}

/** As it is where there is no Node. Vitest itself needs the rest of `process`. */
function inPage(): Promise<Sha256Module> {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  return load();
}

function inPageWithoutTls(): Promise<Sha256Module> {
  vi.stubGlobal('crypto', {});
  return inPage();
}

function someBytes(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

describe.each([
  ['in Node', load],
  ['in a page', inPage],
  ['in a page without TLS', inPageWithoutTls],
])('the checksum of data, %s', (_, where) => {
  test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])('is SHA-256, of %i bytes', async (size) => {
    const bytes = someBytes(size);
    const expected = createHash('sha256').update(bytes).digest('hex');
    const { sha256Of, startSha256 } = await where();
    expect(await sha256Of(bytes)).toBe(expected);
    const hash = startSha256();
    for (let at = 0; at < size; at += 70_001) hash.update(bytes.subarray(at, at + 70_001));
    expect(hash.hex()).toBe(expected);
  });
});

test('others have their turns while large data are hashed', async () => {
  let isDone = false;
  const hashed = sha256Of(new Uint8Array(4 * MIB)).finally(() => {
    isDone = true;
  });
  await nextTurn();
  expect(isDone).toBe(false);
  await hashed;
});
