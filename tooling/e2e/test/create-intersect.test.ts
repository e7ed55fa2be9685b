// `npm create intersect` from a registry on this machine, with the packed packages alone, in empty folders.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PATIENCE_MS } from '../../scripts/lib/patience.mjs';
import { findChromium } from './support/chromium.js';
import { type PackedPackages, packAll, run } from './support/consumer.js';
import { PythonProgram } from './support/python-program.js';
import { startRegistryStub } from './support/registry-stub.js';
import { RunningDev } from './support/running-dev.js';

let packed: PackedPackages;
let tarball: string;
beforeAll(async () => {
  packed = await packAll();
  tarball = packed.packages.find(({ name }) => name === 'create-intersect')?.tarball ?? '';
});
afterAll(() => packed[Symbol.dispose]());

/** An environment in which npm knows nothing but this registry. */
function onlyFrom(registry: string): Record<string, string> {
  return { npm_config_registry: registry, npm_config_cache: join(packed.folder, 'cache') };
}

function inFolder(name: string): string {
  const folder = join(packed.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

describeWithBrokers(['python'], ({ python }) => {
  test.each(['service', 'client', 'browser', 'full'])(
    'the template %s is made, type-checks, tests, runs, shows changes, and answers a Python client',
    async (template) => {
      await using registry = await startRegistryStub('create-intersect', tarball);
      const folder = inFolder(`of-${template}`);
      const made = await run(
        'npm',
        [
          'create',
          '--yes',
          'intersect',
          'my-lab',
          '--',
          '--template',
          template,
          '--packages',
          packed.folder,
          '--no-install',
        ],
        { cwd: folder, env: onlyFrom(registry.url) },
      );
      expect(made).toContain('cd my-lab\n  npm install\n  npm run dev\n');
      const project = join(folder, 'my-lab');
      expect(readFileSync(join(project, '.gitignore'), 'utf8')).toBe('node_modules\ndist\n');
      await run(
        'npm',
        ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
        project,
      );
      await run('npm', ['run', 'check'], project);
      expect(await run('npm', ['test'], project)).toMatch(/^# pass 1$/m);
      await run('npm', ['run', 'build'], project);

      await using dev = new RunningDev(project);
      const [, url = ''] = await dev.line(/^broker {2}\| (mqtt:\S+)$/);
      await dev.line(/^console \| http:\/\/127\.0\.0\.1:\d+\/#token=/);
      await dev.line(/^service \| .* is ready at /);
      if (template !== 'browser') await dev.line(/^client {2}\| Hello, hello_client!$/);

      const { username, password } = new URL(url);
      const broker = { protocol: 'mqtt5.0', url, username, password } as const;
      await using client = new PythonProgram({
        interpreter: python.interpreter,
        script: 'hello_client.py',
        broker,
      });
      expect(await client.lines(1)).toEqual([['Hello, hello_client!']]);

      const code = join(project, 'src', 'hello.ts');
      const changed = readFileSync(code, 'utf8').replace('Hello, ', 'Good day, ');
      writeFileSync(code, `${changed}export const wrong: number = 'a text';\n`);
      await dev.line(/^types {3}\| src\/hello\.ts.* error TS2322/);
      writeFileSync(code, changed);
      await dev.line(/^service \| .* is ready at /, 2);
      if (template !== 'browser') await dev.line(/^client {2}\| Good day, hello_client!$/);
      const executablePath = findChromium();
      if (template === 'browser' || template === 'full') {
        const [, page = ''] = await dev.line(/^page {4}\| open (\S+)$/);
        expect(await (await fetch(page)).text()).toContain('/src/page.ts');
        if (executablePath) expect(await greetingIn(page, executablePath)).toBe('Good day, page!');
      }
      await dev.interrupt();
      expect(dev.output).not.toContain('ended with');
    },
  );
});

async function greetingIn(url: string, executablePath: string): Promise<string | null> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args, timeout: PATIENCE_MS });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    const output = page.locator('output', { hasText: /./ });
    await output.waitFor();
    return await output.textContent();
  } finally {
    await browser.close();
  }
}

const create = (folder: string, ...words: readonly string[]) =>
  run('npm', ['exec', '--yes', '--package', tarball, '--', 'create-intersect', ...words], {
    cwd: folder,
    env: onlyFrom('http://127.0.0.1:1'),
  });

test('what a person can mend is said in a sentence, and nothing is written', async () => {
  const folder = inFolder('wrong');
  mkdirSync(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'notes.txt'), '');
  const refusals = [
    [['taken'], 'The folder taken is not empty: it has notes.txt. Choose another name, or empty it first.'],
    [['My Lab'], "'My Lab' can't be the name of a package"],
    [['My Lab'], 'take my-lab, for one'],
    [['lab', '--template', 'ful'], "There is no template 'ful'. There are:\n  service "],
    [['lab', '--packages', 'nowhere'], "The folder of packages can't be read"],
    [['lab', '--packages', '.'], 'There is no tarball of @intersect-sdk/client in '],
    [['lab', '--tempalte', 'full'], "Unknown option '--tempalte'"],
    [['one', 'two'], 'One folder can be made at a time'],
  ] as const;
  for (const [words, sentence] of refusals) {
    const refused = await create(folder, ...words).catch(({ message }: Error) => message);
    expect(refused).toContain(sentence);
    expect(refused).not.toContain('    at ');
  }
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('without a registry the project is written, and it is said how to go on', async () => {
  const folder = inFolder('offline');
  const failed = await create(folder, 'my-lab').catch(({ message }: Error) => message);
  expect(failed).toContain('The project is written, but its packages could not be installed.');
  expect(failed).toContain('The package registry could not be reached.');
  expect(failed).toContain('Then go on with `npm install` in my-lab.');
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(folder, 'my-lab/package.json'), 'utf8'),
  );
  expect(dependencies['@intersect-sdk/client']).toBe('^0.0.0');
  expect(devDependencies.typescript).toMatch(/^\d/);
});
