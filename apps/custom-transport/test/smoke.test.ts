import { fileURLToPath } from 'node:url';
import { runApp } from '@intersect-sdk/app-harness';
import { type SeenMessage, throwIfUnknown } from '@intersect-sdk/app-harness/known-traffic';
import { expect, test } from 'vitest';
import { Program } from '../../../tooling/scripts/lib/program.mjs';
import { hubTransport } from '../src/hub-transport.js';

const hubProgram = fileURLToPath(new URL('../dist/hub.js', import.meta.url));

test('runs as its README says, with a hub of its own', async ({ signal }) => {
  await using hub = new Program(hubProgram, { name: 'hub', env: { HUB_PORT: '0' } });
  const [, port = ''] = await hub.line(/ready at \S+:(\d+)/, signal);
  const env = { HUB_PORT: port };
  const traffic: SeenMessage[] = [];
  await using monitor = hubTransport({ port: Number(port), name: 'monitor', password: 'intersect_password' });
  await monitor.connect();
  await monitor.subscribe('#', ({ channel, headers, payload }) => {
    traffic.push({ channel, headers: Object.entries(headers), payload });
  });
  await runApp({
    name: 'custom-transport',
    services: ['service'],
    serviceEnv: env,
    clientEnv: () => env,
    check: (lines) => expect(lines).toEqual(['Hello, hello_client!']),
  });
  throwIfUnknown(traffic);
  await monitor.close();
  expect(await hub.stop()).toBe(0);
});
