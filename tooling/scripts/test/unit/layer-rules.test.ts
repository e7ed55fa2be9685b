import { describe, expect, test } from 'vitest';
import { readFacts } from '../../lib/layers/read-file.mjs';
import { findProblems } from '../../lib/layers/rules.mjs';
import { readWorkspace } from '../../lib/layers/workspace.mjs';
import { root } from '../../lib/root.mjs';

type Files = Record<string, string>;

interface PackageSketch {
  readonly folder?: string;
  readonly manifest?: Record<string, unknown>;
  readonly files: Files;
}

/** The problems of a workspace with these packages, each as `where  rule: message`. */
function problems(packages: Record<string, PackageSketch>): string[] {
  const workspace = {
    root: { name: 'root', devDependencies: { vitest: '4' } },
    packages: Object.entries(packages).map(([name, { folder = `packages/${name}`, manifest, files }]) => ({
      folder,
      manifest: { name: `@intersect-sdk/${name}`, exports: { '.': {} }, ...manifest },
      files: Object.entries(files).map(([path, text]) => ({ path, facts: readFacts(path, text) })),
    })),
  };
  return findProblems(workspace).map(({ where, rule, message }) => `${where}  ${rule}: ${message}`);
}

const all = (...names: string[]) => ({
  dependencies: Object.fromEntries(names.map((name) => [`@intersect-sdk/${name}`, '*'])),
});

describe('layers', () => {
  const empty = { files: {} };

  test('a package may import what stands below it', () => {
    const files = { 'src/index.ts': "import { a } from '@intersect-sdk/core';" };
    expect(problems({ core: empty, client: { manifest: all('core'), files } })).toEqual([]);
  });

  test.each([
    ['client', 'service'],
    ['service', 'client'],
    ['client', 'transport-mqtt'],
    ['core', 'schema'],
    ['transport', 'transport-amqp'],
    ['dev-broker', 'transport'],
  ])('%s must not import %s', (from, to) => {
    const files = { 'src/a.ts': `\nimport { a } from '@intersect-sdk/${to}';` };
    expect(problems({ [to]: empty, [from]: { manifest: all(to), files } })).toEqual([
      `packages/${from}/src/a.ts:2  layers: must not import @intersect-sdk/${to}`,
    ]);
  });

  test.each([
    "export { a } from '@intersect-sdk/service';",
    "import type { A } from '@intersect-sdk/service';",
    "export type { A } from '@intersect-sdk/service';",
    "import '@intersect-sdk/service';",
    "const a = await import('@intersect-sdk/service');",
    "type A = import('@intersect-sdk/service').A;",
  ])('no form of import is overlooked: %s', (text) => {
    expect(
      problems({ service: empty, client: { manifest: all('service'), files: { 'src/a.ts': text } } }),
    ).toEqual(['packages/client/src/a.ts:1  layers: must not import @intersect-sdk/service']);
  });

  test('config names the transports in types and loads them lazily', () => {
    const manifest = all('transport-mqtt');
    const allowed = `
      import type { A } from '@intersect-sdk/transport-mqtt';
      import { type B } from '@intersect-sdk/transport-mqtt';
      const c = await import('@intersect-sdk/transport-mqtt');`;
    expect(
      problems({ 'transport-mqtt': empty, messaging: { manifest, files: { 'src/a.ts': allowed } } }),
    ).toEqual([]);
    const static_ = "import { mqttTransport } from '@intersect-sdk/transport-mqtt';";
    expect(
      problems({ 'transport-mqtt': empty, messaging: { manifest, files: { 'src/a.ts': static_ } } }),
    ).toEqual([
      'packages/messaging/src/a.ts:1  layers: imports @intersect-sdk/transport-mqtt statically: load it by import()',
    ]);
  });

  test('of a package, one entry can be allowed and the rest not', () => {
    const transport = { manifest: { exports: { '.': {}, './endpoint': {} } }, files: {} };
    const config = (text: string) => ({
      transport,
      config: { manifest: all('transport'), files: { 'src/a.ts': text } },
    });
    expect(problems(config("import { a } from '@intersect-sdk/transport/endpoint';"))).toEqual([]);
    expect(problems(config("import { a } from '@intersect-sdk/transport';"))).toEqual([
      'packages/config/src/a.ts:1  layers: must not import @intersect-sdk/transport',
    ]);
  });

  test('tests and apps may import whatever they declare', () => {
    const text = "import { a } from '@intersect-sdk/service';";
    expect(
      problems({
        service: empty,
        client: {
          manifest: { devDependencies: { '@intersect-sdk/service': '*' } },
          files: { 'test/a.ts': text },
        },
        hello: { folder: 'apps/hello', manifest: all('service'), files: { 'src/a.ts': text } },
      }),
    ).toEqual([]);
  });

  test('a package that the graph does not know is a problem', () => {
    expect(problems({ novelty: empty })).toEqual([
      'packages/novelty  layers: has no place in the graph: add it to tooling/scripts/lib/layers/graph.mjs',
    ]);
  });
});

describe('dependencies', () => {
  test('what ships may import only what is installed with it', () => {
    const manifest = {
      dependencies: { mqtt: '5' },
      peerDependencies: { '@a/b': '1' },
      devDependencies: { ws: '8' },
    };
    const files = {
      'src/a.ts':
        "import m from 'mqtt/lib';\nimport b from '@a/b/c';\nimport ws from 'ws';\nimport 'vitest';",
      'test/a.ts': "import m from 'mqtt';\nimport ws from 'ws';\nimport 'vitest';\nimport 'left-pad';",
    };
    expect(problems({ core: { manifest, files } })).toEqual([
      'packages/core/src/a.ts:3  dependencies: imports ws, which packages/core/package.json does not declare',
      'packages/core/src/a.ts:4  dependencies: imports vitest, which packages/core/package.json does not declare',
      'packages/core/test/a.ts:4  dependencies: imports left-pad, which packages/core/package.json does not declare',
    ]);
  });
});

describe('public entries', () => {
  const transport = { manifest: { exports: { '.': {}, './memory': {} } }, files: {} };

  test('an entry of the exports may be imported', () => {
    const files = { 'src/a.ts': "import { a } from '@intersect-sdk/transport/memory';" };
    expect(problems({ transport, messaging: { manifest: all('transport'), files } })).toEqual([]);
  });

  test.each(['src/index.js', 'dist/index.js', 'internal'])('%s of another package may not', (entry) => {
    const files = { 'src/a.ts': `import { a } from '@intersect-sdk/transport/${entry}';` };
    expect(problems({ transport, messaging: { manifest: all('transport'), files } })).toEqual([
      `packages/messaging/src/a.ts:1  public entries: @intersect-sdk/transport/${entry} is not among the exports of @intersect-sdk/transport`,
    ]);
  });

  test('nor may its files by a path', () => {
    const files = { 'test/unit/a.ts': "import { a } from '../../../transport/src/index.js';" };
    expect(problems({ transport, messaging: { files } })).toEqual([
      'packages/messaging/test/unit/a.ts:1  public entries: reaches into packages/transport: import @intersect-sdk/transport',
    ]);
  });
});

describe('cycles', () => {
  const cycle = {
    'src/a.ts': "import { b } from './deep/b.js';",
    'src/deep/b.ts': "export { c } from '../c.js';",
    'src/c.ts': "import { a } from './a.js';",
  };

  test('files that import each other in a circle are named', () => {
    expect(problems({ core: { files: cycle } })).toEqual([
      'packages/core/src/a.ts  cycles: imports itself: src/a.ts -> src/deep/b.ts -> src/c.ts -> src/a.ts',
    ]);
  });

  test('types make no circle', () => {
    const files = { ...cycle, 'src/c.ts': "import type { A } from './a.js';" };
    expect(problems({ core: { files } })).toEqual([]);
  });
});

describe('browser', () => {
  test.each([
    ["import { readFile } from 'node:fs';", 'imports node:fs, which no browser has'],
    ["import { readFile } from 'fs';", 'imports fs, which no browser has'],
    ["const a = await import('node:os');", 'imports node:os, which no browser has'],
    ["export const a = Buffer.from('');", 'uses Buffer, which no browser has'],
    ['export const a = process.env;', 'uses process, which no browser has'],
    ['export const a = globalThis.process;', 'uses process, which no browser has'],
    ["const a = require('node:fs');", 'imports node:fs, which no browser has'],
    ['const a = require(name);', 'uses require, which no browser has'],
  ])('%s', (text, message) => {
    expect(problems({ core: { files: { 'src/a.ts': text } } })).toEqual([
      `packages/core/src/a.ts:1  browser: ${message}`,
    ]);
    expect(problems({ 'transport-amqp': { files: { 'src/a.ts': text } } })).toEqual([]);
  });

  test.each([
    'export function run(process: () => void) { process(); }',
    'export const a = { process: 1 };',
    'export const b = (a: { process: 1 }) => a.process;',
    "import type { Socket } from 'node:net';",
    'export const a = (b: Uint8Array) => b as Buffer;',
  ])('is no problem: %s', (text) => {
    expect(problems({ core: { files: { 'src/a.ts': text } } })).toEqual([]);
  });

  test('is no matter of config, which reads files', () => {
    const text = "import { readFile } from 'node:fs';";
    expect(problems({ config: { files: { 'src/load.ts': text } } })).toEqual([]);
  });
});

describe('file size', () => {
  test.each([
    [400, 0],
    [401, 1],
  ])('a file of %d lines has %d problems', (lines, count) => {
    expect(problems({ core: { files: { 'src/a.ts': 'a();\n'.repeat(lines) } } })).toHaveLength(count);
  });
});

describe('console', () => {
  const text = "console.log('here');";

  test('no package writes to the console', () => {
    expect(problems({ core: { files: { 'src/a.ts': text } } })).toEqual([
      'packages/core/src/a.ts:1  console: writes to the console: take a Logger, or write to a stream in a program',
    ]);
  });

  test('apps do, and so does the logger that is made for it', () => {
    expect(
      problems({
        core: { files: { 'src/log/console-logger.ts': text } },
        hello: { folder: 'apps/hello', files: { 'src/a.ts': text } },
      }),
    ).toEqual([]);
  });
});

test('this workspace is read whole', { timeout: 60_000 }, () => {
  const workspace = readWorkspace(root);
  const core = workspace.packages.find(({ folder }) => folder === 'packages/core');
  expect(core?.files.map(({ path }) => path)).toContain('src/errors/errors.ts');
  expect(core?.files.find(({ path }) => path === 'src/errors/errors.ts')?.facts.imports).toContainEqual({
    specifier: './error-codes.js',
    kind: 'static',
    line: 1,
  });
});
