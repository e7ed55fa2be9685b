import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { Broker } from '../../src/broker/broker.js';
import { Connection } from '../../src/connection/connection.js';
import { resolveDevBrokerOptions } from '../../src/options.js';
import { encodePacket } from '../../src/packets/packets.js';
import { connectPacket } from '../support/raw-client.js';

test('a client that sends and does not read is not read from until it has read its answers', async () => {
  const broker = new Broker(resolveDevBrokerOptions({ limits: { packetBytes: 1000 } }));
  let letWritesThrough: (() => void) | undefined;
  const stream = new Duplex({
    read: () => {},
    write: (_chunk, _encoding, done) => {
      letWritesThrough = done;
    },
  });
  const connection = new Connection(broker, stream, { transport: 'tcp', remoteAddress: 'test' });
  stream.push(encodePacket(connectPacket()));
  const pings = Buffer.alloc(100_000, Buffer.from([0xc0, 0]));
  let sent = 0;
  while (!stream.isPaused() && sent < 100) {
    stream.push(pings);
    sent++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeGreaterThan(5);
  expect(sent).toBeLessThan(20);
  expect(connection.congested).toBe(true);

  while (stream.writableLength > 0) {
    const done = letWritesThrough;
    letWritesThrough = undefined;
    done?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(stream.isPaused()).toBe(false);
  stream.destroy();
  await once(stream, 'close');
  expect(broker.connections.size).toBe(0);
});
