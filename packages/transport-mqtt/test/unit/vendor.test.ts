import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { FakeBroker } from '../support/fake-broker.js';

// What src/vendor.ts needs of mqtt.js beyond its public interface. When one of these fails after an
// update, that file has to be looked at before anything else.
const require = createRequire(import.meta.url);

test('mqtt.js is pinned to the version that was looked at', () => {
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(own.dependencies.mqtt).toBe('5.16.0');
  expect(require('mqtt/package.json').version).toBe('5.16.0');
});

test('_sendPacket writes a publish without storing it, and a puback', async () => {
  await using broker = await FakeBroker.start();
  const { connectAsync } = await import('mqtt');
  const client = await connectAsync({ port: broker.port, protocolVersion: 5, reconnectPeriod: 0 });
  type Sender = { _sendPacket(packet: object, done?: undefined, put?: undefined, noStore?: boolean): void };
  const sender = client as unknown as Sender;
  const publish = {
    cmd: 'publish',
    topic: 'a',
    payload: 'x',
    qos: 1,
    messageId: 7,
    retain: false,
    dup: false,
  };
  sender._sendPacket(publish, undefined, undefined, true);
  sender._sendPacket({ cmd: 'puback', messageId: 9, reasonCode: 0 });
  expect(await broker.until('puback')).toMatchObject([{ messageId: 9, reasonCode: 0 }]);
  expect(broker.received('publish')).toMatchObject([{ messageId: 7, qos: 1 }]);
  const { size } = (client.outgoingStore as unknown as { _inflights: Map<number, unknown> })._inflights;
  expect(size).toBe(0);
  await client.endAsync(true);
});

test('an error of handleMessage skips the acknowledgement and lets the next packet come', async () => {
  await using broker = await FakeBroker.start();
  const { connectAsync } = await import('mqtt');
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
