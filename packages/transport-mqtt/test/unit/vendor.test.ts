import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, connectAsync, type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { readFirst } from '../../src/session/read-first.js';
import { FakeBroker } from '../support/fake-broker.js';

// What this package needs of mqtt.js beyond its documentation. When one of these fails after an update,
// src/in/incoming.ts, src/session/read-first.ts and src/session/connection.ts have to be looked at before anything else.

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

test('a client asks its streamBuilder for the stream, and pipes it into its parser once', async () => {
  await using broker = await FakeBroker.start();
  const client = connect({ port: broker.port, protocolVersion: 5, reconnectPeriod: 0, manualConnect: true });
  const given: string[] = [];
  expect(
    readFirst(client, { message: ({ message }) => given.push(message.channel), confirmed: () => {} }),
  ).toBe(true);
  const byMqttJs: string[] = [];
  client.on('packetreceive', ({ cmd }) => byMqttJs.push(cmd));
  client.connect();
  await new Promise((resolve) => client.once('connect', resolve));
  broker.peer().deliver('a', 1);
  await client.subscribeAsync('a');
  expect(given).toEqual(['a']);
  expect(byMqttJs).toEqual(['connack', 'suback']);
  await client.endAsync(true);
});

test('a client without a streamBuilder is left to read everything itself', () => {
  expect(readFirst({} as MqttClient, { message: () => {}, confirmed: () => {} })).toBe(false);
});
