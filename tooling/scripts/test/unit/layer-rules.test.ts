import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, root } from '../../lib/root.mjs';

/** A breach of the rules in ARCHITECTURE.md, and the Biome rule that finds it; without one, the file is clean. */
interface Planted {
  readonly file: string;
  readonly text: string;
  readonly rule?: string;
}

const layers = 'lint/style/noRestrictedImports';
const undeclared = 'lint/correctness/noUndeclaredDependencies';
const builtins = 'lint/correctness/noNodejsModules';
const globals = 'lint/style/noRestrictedGlobals';
const wire = 'plugin';
const cycles = 'lint/suspicious/noImportCycles';
const lines = 'lint/style/noExcessiveLinesPerFile';
const console_ = 'lint/suspicious/noConsole';

const exportFrom = (specifier: string) => `export { a } from '${specifier}';\n`;
const imports = (file: string, specifier: string, rule?: string): Planted => ({
  file,
  text: exportFrom(specifier),
  ...(rule && { rule }),
});
const sdk = (name: string) => `@intersect-sdk/${name}`;

const planted: Planted[] = [
  // The graph: what stands above, what stands beside, and what no line of it names.
  imports('packages/core/src/up.ts', sdk('schema'), layers),
  imports('packages/contract/src/up.ts', sdk('schema'), layers),
  imports('packages/transport/src/up.ts', sdk('transport-amqp'), layers),
  imports('packages/data-store-s3/src/beside.ts', sdk('transport'), layers),
  imports('packages/transport-mqtt/src/up.ts', sdk('messaging'), layers),
  imports('packages/dev-broker/src/up.ts', sdk('transport'), layers),
  imports('packages/messaging/src/driver.ts', sdk('transport/internal'), layers),
  imports('packages/conformance/src/driver.ts', sdk('transport/internal'), layers),
  imports('packages/config/src/up.ts', sdk('client'), layers),
  imports('packages/client/src/beside.ts', sdk('service'), layers),
  imports('packages/client/src/driver.ts', sdk('transport-mqtt'), layers),
  imports('packages/service/src/beside.ts', sdk('client'), layers),
  imports('packages/novelty/src/unlisted.ts', sdk('core'), layers),
  imports('packages/schema/src/down.ts', sdk('contract')),
  imports('packages/messaging/src/down.ts', sdk('transport/endpoint')),
  imports('packages/transport-amqp/src/down.ts', sdk('transport/internal')),
  imports('packages/service/src/down.ts', sdk('schema')),
  imports('packages/client/src/plumbing.ts', sdk('core/internal')),

  // Every form of import.
  {
    file: 'packages/client/src/type.ts',
    text: `export type { A } from '${sdk('service')}';\n`,
    rule: layers,
  },
  { file: 'packages/client/src/bare.ts', text: `import '${sdk('service')}';\n`, rule: layers },
  {
    file: 'packages/client/src/dynamic.ts',
    text: `export const a = () => import('${sdk('service')}');\n`,
    rule: layers,
  },

  // A package that is loaded when it is needed, and only then.
  imports('packages/messaging/src/eager.ts', sdk('transport-mqtt'), layers),
  {
    file: 'packages/messaging/src/lazy.ts',
    text: `// biome-ignore lint/style/noRestrictedImports: loaded when a broker needs it\nexport const a = () => import('${sdk('transport-mqtt')}');\n`,
  },

  // What is of one version of the protocol.
  {
    file: 'packages/messaging/src/version.ts',
    text: `import { addressOf as a } from '${sdk('core')}';\na();\n`,
    rule: wire,
  },
  {
    file: 'packages/service/src/version.ts',
    text: `import {\n  delay,\n  WIRE_0_9,\n} from '${sdk('core/internal')}';\ndelay(WIRE_0_9);\n`,
    rule: wire,
  },
  {
    file: 'packages/client/src/wire.ts',
    text: `import { addressOfBroker, within } from '${sdk('core/internal')}';\nwithin(addressOfBroker);\n`,
  },

  // Public entries.
  imports('apps/hello/src/plumbing.ts', sdk('core/internal'), layers),
  imports('apps/hello/test/plumbing.ts', sdk('core/internal'), layers),
  imports('apps/hello/src/file.ts', sdk('core/src/index.js'), layers),
  imports('apps/hello/src/path.ts', '../../../packages/core/src/index.js', layers),
  imports('packages/messaging/src/path.ts', '../../transport/src/index.js', layers),
  imports('packages/messaging/src/built.ts', sdk('transport/dist/index.js'), layers),
  imports('packages/messaging/test/unit/path.ts', '../../../transport/src/index.js', layers),
  imports('packages/messaging/test/unit/theirs.ts', '../../../transport/test/support.js', layers),
  imports('packages/messaging/test/unit/own.ts', '../../src/down.js'),
  imports('packages/messaging/test/unit/plumbing.ts', sdk('core/internal')),
  imports('tooling/suite/test/plumbing.ts', sdk('core/internal')),
  imports('tooling/suite/test/path.ts', '../../../packages/core/src/index.js', layers),
  imports('apps/hello/src/public.ts', sdk('transport/memory')),

  // What ships is installed with it.
  imports('packages/core/src/undeclared.ts', 'left-pad', undeclared),
  imports('packages/core/src/development.ts', 'ws', undeclared),
  imports('packages/core/src/declared.ts', 'mqtt'),
  imports('packages/core/src/peer.ts', 'vitest'),
  imports('apps/hello/src/undeclared.ts', 'left-pad', undeclared),

  // Circles, of types too.
  imports('packages/core/src/circle-a.ts', './circle-b.js', cycles),
  imports('packages/core/src/circle-b.ts', './circle-a.js', cycles),
  {
    file: 'packages/core/src/types-a.ts',
    text: `export type { a } from './types-b.js';\n`,
    rule: cycles,
  },
  imports('packages/core/src/types-b.ts', './types-a.js', cycles),

  // What runs in a browser.
  imports('packages/contract/src/builtin.ts', 'node:fs', builtins),
  { file: 'packages/core/src/os.ts', text: "export const a = () => import('node:os');\n", rule: builtins },
  { file: 'packages/core/src/buffer.ts', text: "export const a = Buffer.from('');\n", rule: globals },
  { file: 'packages/core/src/process.ts', text: 'export const a = process.argv;\n', rule: globals },
  { file: 'packages/core/src/require.ts', text: "export const a = require('mqtt');\n", rule: globals },
  { file: 'packages/core/src/type.ts', text: "export type { Socket } from 'node:net';\n" },
  {
    file: 'packages/core/src/own.ts',
    text: 'export const a = (process: { exit: number }) => process.exit;\n',
  },
  imports('packages/service/src/builtin.ts', 'node:fs'),
  { file: 'packages/transport-amqp/src/buffer.ts', text: "export const a = Buffer.from('');\n" },

  { file: 'packages/core/src/console.ts', text: "console.log('here');\n", rule: console_ },
  { file: 'apps/hello/src/console.ts', text: "console.log('here');\n" },
  { file: 'packages/core/src/long.ts', text: 'a();\n'.repeat(401), rule: lines },
  { file: 'packages/core/src/short.ts', text: 'a();\n'.repeat(400) },
];

describe('the rules of biome.jsonc and biome.layers.jsonc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-layers-'));
  const found = new Map<string, string[]>();

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  beforeAll(() => {
    for (const { file, text } of planted) write(file, text);
    for (const [, group, name] of planted.map(({ file }) => /^(\w+)\/([\w-]+)/.exec(file) ?? [])) {
      write(`${group}/${name}/package.json`, JSON.stringify(manifest));
    }
    for (const file of ['biome.jsonc', 'biome.layers.jsonc', 'biome.wire.grit', '.gitignore']) {
      copyFileSync(join(root, file), join(folder, file));
    }
    const args = ['lint', '--reporter=json', '--colors=off', '--max-diagnostics=none', '.'];
    const { stdout, stderr } = spawnSync(join(bin, 'biome'), args, { cwd: folder, encoding: 'utf8' });
    if (!stdout.startsWith('{')) throw new Error(stderr);
    for (const { category, location } of JSON.parse(stdout).diagnostics) {
      found.set(location.path, [...(found.get(location.path) ?? []), category]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const breaches = planted.filter(({ rule }) => rule !== undefined);
  test.each(breaches)('refuse $file', ({ file, rule }) => expect(found.get(file)).toEqual([rule]));

  const clean = planted.filter(({ rule }) => rule === undefined);
  test.each(clean)('allow $file', ({ file }) => expect(found.get(file)).toBeUndefined());
});

test('no document shows the plumbing', () => {
  const documentsThatImport = (pattern: string) =>
    spawnSync('git', ['grep', '-lE', `from '@intersect-sdk/${pattern}'`, '--', '*.md', ':!*/etc/*'], {
      cwd: root,
      encoding: 'utf8',
    }).stdout;
  expect(documentsThatImport('[a-z-]+')).toContain('README.md');
  expect(documentsThatImport('[a-z-]+/internal')).toBe('');
});

/** All that the planted files import, so that only what a case is about is wrong with it. */
const manifest = {
  dependencies: Object.fromEntries(
    ['client', 'contract', 'core', 'messaging', 'schema', 'service']
      .concat('transport', 'transport-amqp', 'transport-mqtt')
      .map((name) => [sdk(name), '*'])
      .concat([['mqtt', '5']]),
  ),
  devDependencies: { ws: '8' },
  peerDependencies: { vitest: '4' },
};
