import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nextTurn, sha256Of } from '../../src/internal.js';

const MIB = 1024 * 1024;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** As it is where there is no Node. */
async function inPage(): Promise<typeof sha256Of> {
  vi.resetModules();
  vi.stubGlobal('process', undefined);
  return (await import('../../src/data/sha256.js')).sha256Of;
}

function someBytes(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

describe.each([
  ['in Node', async () => sha256Of],
  ['in a page', inPage],
])('the checksum of bytes, %s', (_, load) => {
  test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB])('is SHA-256, of %i bytes', async (size) => {
    const bytes = someBytes(size);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(await (await load())(bytes)).toBe(expected);
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

test('a page without TLS has no hash', async () => {
  const load = inPage();
  vi.stubGlobal('crypto', {});
  expect(await (await load)(new Uint8Array(1))).toBeUndefined();
});
