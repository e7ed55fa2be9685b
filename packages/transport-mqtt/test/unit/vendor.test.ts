import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { FakeBroker } from '../support/fake-broker.js';

// What this package needs of mqtt.js beyond its documentation. When one of these fails after an update,
// src/incoming.ts and src/connection.ts have to be looked at before anything else.

test('mqtt.js is pinned to the version that was looked at', () => {
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(own.dependencies.mqtt).toBe('5.16.0');
  expect(createRequire(import.meta.url)('mqtt/package.json').version).toBe('5.16.0');
});

test('an error of handleMessage skips the acknowledgement and lets the next packet come', async () => {
  await using broker = await FakeBroker.start();
  const client = await connectAsync({ port: broker.port, protocolVersion: 5, reconnectPeriod: 0 });
  const seen: (number | undefined)[] = [];
  client.handleMessage = ({ messageId }, next) => {
    seen.push(messageId);
    next(messageId === 1 ? new Error('later') : undefined);
  };
  for (const id of [1, 2]) broker.peer().deliver('a', id);
  expect(await broker.until('puback')).toMatchObject([{ messageId: 2 }]);
  expect(seen).toEqual([1, 2]);
  await client.endAsync(true);
});

test('a confirmation of what mqtt.js did not send is shown and otherwise ignored', async () => {
  await using broker = await FakeBroker.start();
  const client = await connectAsync({ port: broker.port, protocolVersion: 5, reconnectPeriod: 0 });
  const seen: unknown[] = [];
  client.on('error', (error) => seen.push(error));
  client.on('packetreceive', (packet) => seen.push(packet));
  broker.peer().send({ cmd: 'puback', messageId: 7, reasonCode: 16 });
  await client.subscribeAsync('a');
  expect(seen).toMatchObject([{ cmd: 'puback', messageId: 7, reasonCode: 16 }, { cmd: 'suback' }]);
  await client.endAsync(true);
});
