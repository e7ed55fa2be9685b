import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { RawClient } from '../support/raw-client.js';

const string = (text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};
const userProperty = (key: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0x26]), string(key), string(value)]);

/** A PUBLISH at QoS 0 with the properties exactly as given. */
function publishWith(properties: Buffer, payload: Buffer): Buffer {
  const body = Buffer.concat([string('a'), Buffer.from([properties.length]), properties, payload]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

async function nextBytes(client: RawClient): Promise<Buffer> {
  return new Promise((resolve) => client.socket.once('data', resolve));
}

test('a PUBLISH reaches a subscriber byte for byte: order and repetition of its properties too', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a');
  const properties = Buffer.concat([
    userProperty('x', '1'),
    Buffer.from([0x03]),
    string('application/json'),
    userProperty('y', ''),
    userProperty('x', '2'),
    Buffer.from([0x01, 1]),
    userProperty('', 'ключ'),
    userProperty('x', '1'),
    Buffer.from([0x08]),
    string('answer/here'),
    Buffer.from([0x09, 0, 3, 0, 255, 1]),
  ]);
  const packet = publishWith(properties, Buffer.from([0, 1, 255]));
  const arrived = nextBytes(client);
  client.socket.write(packet);
  expect((await arrived).toString('hex')).toBe(packet.toString('hex'));
});

test('hop-by-hop properties are taken out wherever they stand', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a');
  const alias = Buffer.from([0x23, 0, 1]);
  const kept = [userProperty('x', '1'), userProperty('y', '2')];
  for (const parts of [
    [alias, ...kept],
    [kept[0], alias, kept[1]],
    [...kept, alias],
  ] as Buffer[][]) {
    const arrived = nextBytes(client);
    client.socket.write(publishWith(Buffer.concat(parts), Buffer.from('p')));
    expect((await arrived).toString('hex')).toBe(
      publishWith(Buffer.concat(kept), Buffer.from('p')).toString('hex'),
    );
  }
});

test.each([0, 1, 127, 128, 16_383, 16_384, 65_536, 2_097_152, 5_000_000])(
  'a payload of %i bytes arrives whole at every QoS',
  async (size) => {
    await using broker = await startDevBroker({ port: 0 });
    await using client = await RawClient.connect(broker);
    await client.subscribe('a', { qos: 2 });
    await using publisher = await RawClient.connect(broker);
    const payload = Buffer.alloc(size, 'abcdefghij');
    for (const qos of [0, 1, 2] as const) {
      publisher.publish('a', payload, { qos, messageId: 5, properties: { contentType: 'x/y' } });
      const got = await client.next('publish');
      expect(Buffer.compare(got.payload as Buffer, payload)).toBe(0);
      expect(got).toMatchObject({ qos, properties: { contentType: 'x/y' } });
    }
  },
);

test('packets are read whatever the cuts between network chunks', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a', { qos: 0 });
  await using publisher = await RawClient.connect(broker);
  const publish = { cmd: 'publish', topic: 'a', qos: 0, dup: false, retain: false } as const;
  const bytes = Buffer.concat(
    ['1', '2'.repeat(200), '3'].map((payload) => generate({ ...publish, payload }, { protocolVersion: 5 })),
  );
  for (const byte of bytes) {
    await new Promise((resolve) => publisher.socket.write(Buffer.from([byte]), resolve));
  }
  expect([await subscriber.message(), await subscriber.message(), await subscriber.message()]).toEqual([
    '1',
    '2'.repeat(200),
    '3',
  ]);
});
