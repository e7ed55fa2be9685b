// How much a browser loads of the console, compressed as a server would.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = new URL('../../../packages/console/dist/', import.meta.url);
const kB = (bytes: number): number => Math.round(bytes / 1_000);

/** The size of each file, by its name. */
async function sizes(): Promise<Map<string, number>> {
  const names = await readdir(new URL('assets/', folder));
  const files = ['index.html', ...names.map((name) => `assets/${name}`)];
  const entries = files.map(async (name) => {
    return [name, gzipSync(await readFile(new URL(name, folder))).length] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The files that are loaded before anybody presses anything: what the page names, what that imports, and the worker. */
async function loadedAtFirst(): Promise<Set<string>> {
  const html = await readFile(new URL('index.html', folder), 'utf8');
  const pending = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name = '']) => name);
  const seen = new Set(['index.html']);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (!name.endsWith('.js')) continue;
    const code = await readFile(new URL(name, folder), 'utf8');
    // Not `import(...)`, which is loaded when it is needed.
    const imported = [...code.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)].map(([, file]) => file);
    const workers = [...code.matchAll(/new URL\(["'`](?:\/|\.\/)?(?:assets\/)?([^"'`]+\.js)["'`]/g)].map(
      ([, file]) => file,
    );
    pending.push(...[...imported, ...workers].map((file) => `assets/${file}`));
  }
  return seen;
}

test('the first page has at most 220 kB, and everything at most 450', async () => {
  const all = await sizes();
  const first = await loadedAtFirst();
  const scripts = [...first].filter((name) => name.endsWith('.js'));
  // The page itself and its worker at least, or the count is of nothing.
  expect(scripts.length).toBeGreaterThanOrEqual(2);
  expect(scripts.some((name) => name.includes('main-'))).toBe(true);
  const sum = (names: Iterable<string>) =>
    kB([...names].reduce((total, name) => total + (all.get(name) ?? 0), 0));
  expect(sum(first)).toBeLessThanOrEqual(220);
  expect(sum(all.keys())).toBeLessThanOrEqual(450);
});

test('no file makes code from text', async () => {
  for (const name of (await sizes()).keys()) {
    const code = await readFile(new URL(name, folder), 'utf8');
    expect(code.match(/\bnew Function\(|\beval\(/g) ?? [], name).toEqual([]);
  }
});
