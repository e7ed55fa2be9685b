// The script of the README, as a reader runs it: with `intersect` and `jq` alone.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { expect, test } from 'vitest';
import { BIN } from '../support/probe.js';
import { needProgram } from '../support/program-on-path.js';
import { emptyHome } from '../support/run-in-process.js';
import { startProgram } from '../support/run-program.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, script = '', prints = ''] =
  /```sh run service=counting\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(readme) ?? [];

const SERVICE = fileURLToPath(new URL('../../../../apps/counting/dist/service.js', import.meta.url));

test('the script of the README prints what the README says', async (context) => {
  needProgram('jq', context, { required: true });
  await using broker = await startDevBroker({ port: 0 });
  const url = `mqtt://intersect_username:intersect_password@${new URL(broker.url).host}`;
  const service = startProgram([], { INTERSECT_BROKER_URL: url }, SERVICE);
  expect(await service.firstLine).toContain('is ready');
  const folder = join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'intersect'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(join(folder, 'intersect'), 0o755);
  const env = { ...emptyHome(), INTERSECT_BROKER_URL: url, PATH: `${folder}:${process.env.PATH}` };
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env });
  service.kill('SIGTERM');
  expect(stdout).toBe(prints);
  expect((await service.ended).exit).toBe(0);
});
