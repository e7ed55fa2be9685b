import { buildServiceSchema } from '@intersect-sdk/schema/document';
import { expect, test } from 'vitest';
import { SchemaCache } from '../../src/schemas/schema-cache.js';
import { emptyHome, run } from '../support/run-in-process.js';

const document = buildServiceSchema({
  hierarchy: { organization: 'org', facility: 'fac', system: 'sys', subsystem: undefined, service: 'svc' },
  capabilities: [
    {
      name: 'Lab',
      operations: [{ name: 'measure' }, { name: 'move' }],
      events: [{ name: 'moved', schema: { type: 'integer' } }],
    },
  ],
});
const address = 'org.fac.sys.-.svc';

async function words(given: readonly string[], env = emptyHome()): Promise<string[]> {
  const { stdout, exit } = await run(['completion', 'words', '--', ...given], { env });
  expect(exit).toBe(0);
  return stdout.split('\n').filter((word) => word !== '');
}

async function homeWithService(): Promise<Record<string, string>> {
  const env = emptyHome();
  const brokers = [{ host: 'h', port: 1 }] as never;
  await new SchemaCache(env, { brokers }).write(address, document);
  return env;
}

test('commands', async () => {
  expect(await words(['co'])).toEqual(['codegen', 'completion', 'console', 'context']);
  expect(await words([''])).toContain('listen');
});

test('options of a command, and of a command within one', async () => {
  expect(await words(['call', '--ti'])).toEqual(['--timeout']);
  expect(await words(['context', 'add', '--pass'])).toEqual(['--password-command', '--password-variable']);
  expect(await words(['nonsense', '--'])).toEqual([]);
});

test('commands within a command, and contexts', async () => {
  const env = emptyHome();
  await run(['context', 'add', 'lab', '--broker', 'mqtt://h'], { env });
  expect(await words(['context', ''], env)).toEqual(['add', 'list', 'use']);
  expect(await words(['context', 'use', ''], env)).toEqual(['lab']);
  expect(await words(['call', '--context', ''], env)).toEqual(['lab']);
});

test('services that were seen, their operations and their events', async () => {
  const env = await homeWithService();
  expect(await words(['call', 'org.'], env)).toEqual([address]);
  expect(await words(['status', ''], env)).toEqual([address]);
  expect(await words(['call', address, 'Lab.m'], env)).toEqual(['Lab.measure', 'Lab.move']);
  expect(await words(['listen', address, ''], env)).toEqual(['Lab.moved']);
  expect(await words(['call', 'another.address', ''], env)).toEqual([]);
});

test.each(['bash', 'zsh'])('the script for %s is data', async (shell) => {
  const { exit, stdout, stderr } = await run(['completion', shell]);
  expect(exit).toBe(0);
  expect(stdout).toContain('intersect completion words -- ');
  expect(stderr).toBe('');
});
