import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { writeDeclarations } from '../../declarations.mjs';

// Loading the compiler and its library takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

function packageWith(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-declarations-'));
  const all = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json':
      '{ "compilerOptions": { "module": "NodeNext", "target": "ES2022", "declaration": true } }',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    written: () => readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).sort(),
    read: (path: string) => readFileSync(join(folder, 'dist', path), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test('declarations are written for both module systems, each naming its own kind', () => {
  using made = packageWith({
    'src/index.ts': "export { answer } from './deep/answer.js';\nexport type A = import('./deep/a.js').A;\n",
    'src/deep/answer.ts': '/** The answer. */\nexport const answer = () => 42;\n',
    'src/deep/a.ts': 'export interface A { a: 1 }\n',
  });
  writeDeclarations(['src/index.ts'], made.folder);
  expect(made.read('index.d.ts')).toBe(
    "export { answer } from './deep/answer.js';\nexport type A = import('./deep/a.js').A;\n",
  );
  expect(made.read('index.d.cts')).toBe(
    "export { answer } from './deep/answer.cjs';\nexport type A = import('./deep/a.cjs').A;\n",
  );
  expect(made.read('deep/answer.d.cts')).toContain(
    '/** The answer. */\nexport declare const answer: () => number;',
  );
});

test('files that no declaration needs get none', () => {
  using made = packageWith({
    'src/index.ts': "import { hidden } from './hidden.js';\nexport const shown = (): string => hidden;\n",
    'src/hidden.ts': "export const hidden = 'x';\n",
  });
  writeDeclarations(['src/index.ts'], made.folder);
  expect(made.written()).toEqual(['index.d.cts', 'index.d.ts']);
});

test('a type that can not be written down fails the build, with its place', () => {
  using made = packageWith({
    'src/index.ts': 'export const Made = class { private secret = 1; };\n',
  });
  expect(() => writeDeclarations(['src/index.ts'], made.folder)).toThrow(
    /src\/index\.ts:1:14 Property 'secret' of exported anonymous class type may not be private or protected/,
  );
});
