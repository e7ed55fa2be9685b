import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bin } from '../../scripts/lib/root.mjs';
import { run } from '../../scripts/lib/run.mjs';

// On the built packages, by the runners as they are: jest, which needs CommonJS, is tried with the packed packages.
const folder = fileURLToPath(new URL('fixtures/test-kit', import.meta.url));
const inFolder = (command: string, args: readonly string[]) =>
  run(command, [...args], { cwd: folder, capture: true, env: { ...process.env, NODE_OPTIONS: '' } });

test('the test kit works in node:test, with its timers', async () => {
  const { code, output } = await inFolder(process.execPath, [
    '--test',
    '--test-reporter=tap',
    'lab.node.mjs',
  ]);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^# pass 3$/m);
});

test('the test kit works in vitest, with its timers', async () => {
  const { code, output } = await inFolder(join(bin, 'vitest'), [
    'run',
    ...['--root', folder, '--config', 'vitest.config.mjs', '--reporter=tap-flat'],
  ]);
  expect(code, output).toBe(0);
  expect(output).toMatch(/^1\.\.2$/m);
});
