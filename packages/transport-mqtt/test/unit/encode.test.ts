import fc from 'fast-check';
import { type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { encodePuback, encodePublish } from '../../src/out/encode.js';

/** What a broker reads from these bytes; throws unless it is exactly one packet. */
function decoded(pieces: readonly Uint8Array[]): Packet {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion: 5 });
  reader.on('packet', (packet: Packet) => packets.push(packet));
  reader.on('error', (error: Error) => {
    throw error;
  });
  const left = reader.parse(Buffer.concat(pieces));
  expect(left).toBe(0);
  expect(packets).toHaveLength(1);
  return packets[0] as Packet;
}

const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const expiry = fc.option(
  fc.integer({ min: 1, max: 2 ** 40 }).map((ms) => Math.min(ms, 4_294_967_295_000)),
  {
    nil: undefined,
  },
);
const word = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });

test('a decoder of MQTT 5 reads what was encoded', () => {
  const messages = fc.record({
    channel: fc
      .array(fc.stringMatching(/^[\w-]+$/), { minLength: 1, maxLength: 6 })
      .map((words) => words.join('/')),
    payload: fc.uint8Array({ maxLength: 400 }),
    contentType: fc.oneof(fc.constant(''), fc.constant('application/json'), text),
    headers: fc.dictionary(word, text, { maxKeys: 12 }),
  });
  fc.assert(
    fc.property(
      messages,
      fc.integer({ min: 0, max: 65_535 }),
      expiry,
      (message, packetId, expiresAfterMs) => {
        const qos = packetId === 0 ? 0 : 1;
        const packet = decoded(encodePublish(message, { packetId, expiresAfterMs })) as IPublishPacket;
        expect(packet).toMatchObject({
          cmd: 'publish',
          topic: message.channel,
          qos,
          retain: false,
          dup: false,
        });
        expect(qos === 0 ? 0 : packet.messageId).toBe(packetId);
        expect(new Uint8Array(packet.payload as Buffer)).toEqual(message.payload);
        const expirySeconds = expiresAfterMs === undefined ? undefined : Math.ceil(expiresAfterMs / 1000);
        expect(packet.properties?.messageExpiryInterval).toBe(expirySeconds);
        expect(packet.properties?.contentType ?? '').toBe(message.contentType);
        expect({ ...packet.properties?.userProperties }).toEqual(message.headers);
      },
    ),
  );
});

// Where the length of the packet, or of what is copied, takes another form.
test.each([0, 1, 121, 122, 123, 16_377, 16_378, 16_379, 16_384, 16_385, 2_097_145, 2_097_146, 2_097_147])(
  'a payload of %i bytes',
  (size) => {
    const payload = new Uint8Array(size).fill(7);
    const message = { channel: 'a', payload, contentType: '', headers: {} };
    const { payload: read } = decoded(encodePublish(message, { packetId: 1 })) as IPublishPacket;
    expect((read as Buffer).equals(payload)).toBe(true);
  },
);

test('a large payload is not copied', () => {
  const payload = new Uint8Array(100_000);
  expect(encodePublish({ channel: 'a', payload, contentType: '', headers: {} }, { packetId: 0 })[1]).toBe(
    payload,
  );
});

test('headers longer than everything before', () => {
  const headers = { first: 'x', long: 'ä'.repeat(32_767), last: 'y' };
  const message = { channel: 'a', payload: new Uint8Array(), contentType: '', headers };
  const { properties } = decoded(encodePublish(message, { packetId: 0 })) as IPublishPacket;
  expect({ ...properties?.userProperties }).toEqual(headers);
});

test('an acknowledgement', () => {
  expect(decoded([encodePuback(0x1234)])).toMatchObject({ cmd: 'puback', messageId: 0x1234, reasonCode: 0 });
});
