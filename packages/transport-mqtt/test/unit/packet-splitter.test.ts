import fc from 'fast-check';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { describe, expect, test, vi } from 'vitest';
import { fromPacket } from '../../src/in/message.js';
import { PacketSplitter } from '../../src/in/packet-splitter.js';
import type { ReceivedPublish } from '../../src/in/received-publish.js';

const V5 = { protocolVersion: 5 } as const;

/** What came out of it, in order; what was handed on as mqtt-packet reads it. */
function split(bytes: Buffer, cuts: readonly number[], maxBytes?: number): unknown[] {
  const out: unknown[] = [];
  const rest = parser(V5);
  rest.on('packet', (packet: Packet) => out.push(seen(packet)));
  rest.on('error', (error: Error) => out.push(error.message));
  const splitter = new PacketSplitter(
    {
      message: (publish) => out.push(plain(publish)),
      confirmed: (messageId, reason) => out.push(['puback', messageId, reason]),
      other: (part) => rest.parse(Buffer.from(part)),
    },
    maxBytes,
  );
  let from = 0;
  for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
    if (to > from) splitter.take(bytes.subarray(from, to));
    from = to;
  }
  return out;
}

/** As mqtt.js reads all of it. */
function asAlways(bytes: Buffer): unknown[] {
  const out: unknown[] = [];
  const all = parser(V5);
  all.on('packet', (packet: Packet) => out.push(seen(packet)));
  all.on('error', (error: Error) => out.push(error.message));
  all.parse(bytes);
  return out;
}

function seen(packet: Packet): unknown {
  if (packet.cmd === 'publish') return plain(fromPacket(packet));
  if (packet.cmd === 'puback') return ['puback', packet.messageId, packet.reasonCode ?? 0];
  return [packet.cmd, packet.messageId];
}

function plain({ message, ...publish }: ReceivedPublish): unknown {
  const { payload, headers } = message;
  return { ...publish, ...message, payload: [...payload], headers: { ...headers } };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', 'constructor', 'ü', '\ufefflab'),
);

const publishes = fc
  .record({
    topic: fc.constantFrom('a/b', 'lab/-/ü', 'x'.repeat(300)),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0, 1, 2),
    dup: fc.boolean(),
    retain: fc.boolean(),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    properties: fc.record(
      {
        userProperties: fc.dictionary(text, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 }))),
        contentType: text,
        subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
        messageExpiryInterval: fc.nat(),
        payloadFormatIndicator: fc.boolean(),
        responseTopic: fc.constant('back'),
        correlationData: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
      },
      { requiredKeys: [] },
    ),
  })
  .map((packet): IPublishPacket => ({ cmd: 'publish', ...packet, qos: packet.qos as 0 | 1 | 2 }));

const packets: fc.Arbitrary<Packet> = fc.oneof(
  { weight: 4, arbitrary: publishes },
  fc.record({
    cmd: fc.constant('puback' as const),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    reasonCode: fc.constantFrom(0, 16, 135),
    properties: fc.constantFrom({}, { reasonString: 'why' }),
  }),
  fc.constantFrom<Packet>(
    { cmd: 'pingresp' },
    { cmd: 'suback', messageId: 7, granted: [1, 1] },
    { cmd: 'connack', reasonCode: 0, sessionPresent: true },
    { cmd: 'disconnect', reasonCode: 142 },
  ),
);

describe('packets', () => {
  test('are read as mqtt.js reads them, wherever the network cuts them', () => {
    const given = fc.array(packets, { maxLength: 12 });
    fc.assert(
      fc.property(given, fc.array(fc.nat(4000), { maxLength: 8 }), (list, cuts) => {
        const bytes = Buffer.concat(list.map((packet) => generate(packet, V5)));
        const expected = asAlways(bytes);
        expect(split(bytes, cuts)).toEqual(expected);
        expect(split(bytes, cuts, 60)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('that are cut after each byte are read as well', () => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 4 }), (list) => {
        const bytes = Buffer.concat(list.map((packet) => generate(packet, V5)));
        const everywhere = Array.from({ length: bytes.length }, (_, at) => at);
        expect(split(bytes, everywhere)).toEqual(asAlways(bytes));
      }),
    );
  });

  test('that are broken are handed on, and what they say is what mqtt.js makes of it', () => {
    const broken = fc.tuple(fc.array(packets, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(broken, ([list, place, byte]) => {
        const bytes = Buffer.concat(list.map((packet) => generate(packet, V5)));
        bytes[place % bytes.length] = byte;
        const whole = asAlways(bytes);
        const parts = split(bytes, []);
        // mqtt.js reads nothing behind an error, and it ends the connection.
        const failure = whole.findIndex((each) => typeof each === 'string');
        const upTo = failure < 0 ? whole.length : failure;
        expect(parts.slice(0, upTo)).toEqual(whole.slice(0, upTo));
      }),
      { numRuns: 2000 },
    );
  });

  test('of another protocol are handed on without waiting for more', () => {
    expect(split(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), [])).toEqual([
      expect.stringContaining('header'),
    ]);
  });

  test('are put together once, and not with each part', () => {
    const payload = Buffer.alloc(8 * 1024 * 1024, 7);
    const bytes = generate(
      { cmd: 'publish', topic: 'a', payload, qos: 1, dup: false, retain: false, messageId: 1 },
      V5,
    );
    const taken: number[] = [];
    const splitter = new PacketSplitter({
      message: ({ message }) => taken.push(message.payload.byteLength),
      confirmed: () => {},
      other: () => {},
    });
    const set = vi.spyOn(Uint8Array.prototype, 'set');
    for (let at = 0; at < bytes.length; at += 65_536) splitter.take(bytes.subarray(at, at + 65_536));
    expect(taken).toEqual([payload.length]);
    expect(set.mock.calls.length).toBeLessThanOrEqual(Math.ceil(bytes.length / 65_536));
  });
});
