import { connectAsync, type IPublishPacket } from 'mqtt';
import { expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';

const credentials = { username: 'intersect_username', password: 'intersect_password' };

test.each(['tcp', 'websocket'])('mqtt.js talks to the broker over %s with every QoS', async (transport) => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  const url = transport === 'tcp' ? broker.url : (broker.webSocketUrl ?? '');
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...credentials });
  const got: IPublishPacket[] = [];
  const three = new Promise<void>((resolve) => {
    client.on('message', (_topic, _payload, packet) => {
      if (got.push(packet) === 3) resolve();
    });
  });
  await client.subscribeAsync('a/+/c', { qos: 2 });
  for (const qos of [0, 1, 2] as const) {
    const properties = { contentType: 'application/json', userProperties: { x: ['1', '2'], y: '' } };
    await client.publishAsync('a/b/c', `qos ${qos}`, { qos, properties });
  }
  await three;
  expect(got.map(({ qos, payload }) => [qos, payload.toString()])).toEqual([
    [0, 'qos 0'],
    [1, 'qos 1'],
    [2, 'qos 2'],
  ]);
  expect(got[1]?.properties?.contentType).toBe('application/json');
  expect({ ...got[1]?.properties?.userProperties }).toEqual({ x: ['1', '2'], y: '' });
  expect(broker.connections).toMatchObject([{ transport, remoteAddress: '127.0.0.1' }]);
  await client.endAsync();
});
