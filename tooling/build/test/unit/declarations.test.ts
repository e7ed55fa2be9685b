import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDeclarations } from '../../declarations.mjs';

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

test('for CJS, a package that is only an ES module is named as one, and its values are declared', () => {
  using made = packageWith({
    'package.json': '{ "type": "module", "dependencies": { "only-esm": "1", "both": "1" } }',
    'node_modules/only-esm/package.json':
      '{ "type": "module", "exports": { "./deep": "./deep.js", ".": { "default": "./index.mjs" } } }',
    'node_modules/only-esm/index.mjs': 'export const one = 1;\n',
    'node_modules/only-esm/index.d.mts': 'export interface One { one: 1 }\nexport declare const one: One;\n',
    'node_modules/both/package.json':
      '{ "type": "module", "types": "./index.d.ts", "exports": { ".": { "import": "./index.js", "require": "./index.cjs" } } }',
    'node_modules/both/index.d.ts': 'export interface Two { two: 2 }\n',
    'src/index.ts':
      "export type { One } from 'only-esm';\nexport { one } from 'only-esm';\nexport type { Two } from 'both';\n",
  });
  writeDeclarations(['src/index.ts'], made.folder);
  expect(made.read('index.d.cts')).toBe(
    [
      "export type { One } from 'only-esm' with { 'resolution-mode': 'import' };",
      "import type { one as one_ } from 'only-esm' with { 'resolution-mode': 'import' };",
      'export declare const one: typeof one_;',
      "export type { Two } from 'both';",
      '',
    ].join('\n'),
  );
  expect(made.read('index.d.ts')).toContain("export { one } from 'only-esm';");
});
