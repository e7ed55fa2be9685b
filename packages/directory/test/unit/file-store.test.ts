// What a directory knows, in a file: whole or not at all, for its owner alone, and never over something else.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileStore, type KnownService } from '../../src/file-store.js';

const ADDRESS = 'org.fac.sys.-.stage';
const KNOWN: KnownService = {
  address: ADDRESS,
  state: 'up',
  sinceMs: 1,
  lastSeenMs: 2,
  foundBy: 'lifecycle',
  schema: { info: { title: ADDRESS } },
  statuses: { Stage: null },
  toldAtMs: 3,
  blockedKeys: ['a'],
  instances: undefined,
  intervalMs: 30_000,
  reason: undefined,
};

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'intersect-directory-'));
  path = join(folder, 'deep', 'services.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = { signal: new AbortController().signal };

test('what was saved is loaded, and nothing is left beside the file', async () => {
  const store = fileStore(path);
  expect(await store.load()).toEqual([]);
  await store.save([KNOWN, { ...KNOWN, address: 'org.fac.sys.-.other' }]);
  await store.save([KNOWN]);
  expect(await fileStore(path).load()).toEqual([JSON.parse(JSON.stringify(KNOWN))]);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['services.json']);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('it is a source for descriptions', async () => {
  const store = fileStore(path);
  expect(await store.find(ADDRESS, options)).toBe(undefined);
  await store.save([KNOWN]);
  const { schema, statuses, toldAtMs } = KNOWN;
  expect(store.name).toBe(path);
  expect(await store.find(ADDRESS, options)).toEqual({ schema, statuses, toldAtMs });
  expect(await store.find('org.fac.sys.-.other', options)).toBe(undefined);
});

test.each(['{', '{"format":"other","services":[]}', '[]'])(
  'a file with %s is an error that names it',
  async (text) => {
    path = join(folder, 'mine.json');
    writeFileSync(path, text);
    await expect(fileStore(path).load()).rejects.toThrow(`${path} is no file of a directory`);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);
