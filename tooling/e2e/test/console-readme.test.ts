// The commands of the console's README, each as it stands there: it prints a link, under which the page is.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { root } from '../../scripts/lib/root.mjs';

const readme = await readFile(join(root, 'packages', 'console', 'README.md'), 'utf8');
const [, script = ''] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
const commands = script
  .split('\n')
  .map((line) => line.replace(/\s+#.*/, ''))
  .filter((line) => line !== '');

/** What a shell runs for such a command: a script of the repository, or the command line. */
async function programOf(command: string, env: Record<string, string>): Promise<Program> {
  const [, script, given = ''] = /^npm run (\S+)(?: -- (.*))?$/.exec(command) ?? [];
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  if (script === undefined) {
    const [name, ...args] = words(command);
    expect(name).toBe('intersect');
    // Its usual port may be taken on the machine of whoever runs this.
    const port = ['--port', '0'];
    return new Program(join(root, 'packages', 'cli', 'dist', 'bin.js'), {
      name: command,
      args: [...args, ...port],
      env,
    });
  }
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const [node, file = '', ...args] = words(scripts[script] ?? '');
  expect(node).toBe('node');
  return new Program(join(root, file), { name: command, args: [...args, ...words(given)], env });
}

test('the README has commands', () => {
  expect(commands).toEqual(['npm run demo -- --console', 'intersect console']);
});

test.for(commands)('%s', async (command, { signal }) => {
  await using broker = await startDevBroker({ port: 0 });
  const home = await mkdtemp(join(tmpdir(), 'intersect-console-'));
  await using program = await programOf(command, {
    INTERSECT_CONFIG_HOME: home,
    INTERSECT_CACHE_HOME: home,
    INTERSECT_BROKER_URL: `mqtt://intersect_username:intersect_password@127.0.0.1:${broker.port}`,
  });
  const [, link = ''] = await program.line(/^\s*(http:\S+#token=\S+)/, signal);
  const page = await fetch(link);
  expect(await page.text()).toContain('<title>INTERSECT console</title>');
});
