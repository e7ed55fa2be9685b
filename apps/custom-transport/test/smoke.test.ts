import { fileURLToPath } from 'node:url';
import { runApp } from '@intersect-sdk/app-harness';
import { expect, test } from 'vitest';
import { Program } from '../../../tooling/scripts/lib/program.mjs';

const hubProgram = fileURLToPath(new URL('../dist/hub.js', import.meta.url));

test('runs as its README says, with a hub of its own', async () => {
  await using hub = new Program(hubProgram, { name: 'hub', env: { HUB_PORT: '0' } });
  const [, port = ''] = await hub.line(/ready at \S+:(\d+)/, AbortSignal.timeout(30_000));
  const env = { HUB_PORT: port };
  await runApp({
    name: 'custom-transport',
    services: ['service'],
    serviceEnv: env,
    clientEnv: () => env,
    check: (lines) => expect(lines).toEqual(['Hello, hello_client!']),
  });
  expect(await hub.stop()).toBe(0);
});
