import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../support/run-in-process.js';

const probe = fileURLToPath(new URL('../fixtures/schema-probe.json', import.meta.url));

function file(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), name);
}

test('codegen writes a module, and --check says whether it is still the same', async () => {
  const module = file('probe.contract.ts');
  const args = ['codegen', probe, '-o', module, '--json'];
  const missing = await run([...args, '--check']);
  expect(missing.json()).toMatchObject({ isCurrent: false, reason: 'missing' });
  expect(missing.exit).toBe(1);
  expect((await run(args)).exit).toBe(0);
  expect(readFileSync(module, 'utf8')).toContain('defineCapability');
  expect((await run([...args, '--check'])).json()).toMatchObject({ isCurrent: true });
  writeFileSync(module, `${readFileSync(module, 'utf8')}// changed\n`);
  const changed = await run([...args, '--check']);
  expect(changed.json()).toMatchObject({ isCurrent: false, reason: 'different' });
  expect(changed.exit).toBe(1);
});

test('schema diff tells what breaks, and says so to scripts', async () => {
  const newer = file('newer.json');
  const document = JSON.parse(readFileSync(probe, 'utf8'));
  const { noargs, ...others } = document.capabilities.Probe.endpoints;
  expect(noargs).toBeDefined();
  document.capabilities.Probe.endpoints = others;
  writeFileSync(newer, JSON.stringify(document));
  const broken = await run(['schema', 'diff', probe, newer, '--json']);
  expect(broken.json()).toMatchObject({
    isBreaking: true,
    changes: [{ kind: 'operation-removed', breaksCallers: true }],
  });
  expect(broken.exit).toBe(1);
  const same = await run(['schema', 'diff', probe, probe, '--json']);
  expect(same.json()).toEqual({ isBreaking: false, changes: [] });
  expect(same.exit).toBe(0);
});

test('schema shows a file, also as AsyncAPI 3', async () => {
  expect(JSON.parse((await run(['schema', probe])).stdout)).toEqual(JSON.parse(readFileSync(probe, 'utf8')));
  expect(JSON.parse((await run(['schema', probe, '--asyncapi3'])).stdout)).toHaveProperty(
    'asyncapi',
    '3.0.0',
  );
  const none = await run(['schema', '-', '--json'], { stdin: '{}' });
  expect(none.json()).toMatchObject({ error: { code: 'PAYLOAD_INVALID' } });
});
