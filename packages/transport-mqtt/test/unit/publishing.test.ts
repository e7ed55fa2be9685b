import type { WireMessage } from '@intersect-sdk/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { mqttTransport } from '../../src/index.js';
import { FakeBroker, type FakePeer, type Script } from '../support/fake-broker.js';
import { message, openLink, turn } from '../support/links.js';

const DURABLE = { durable: true };
const VOLATILE = { durable: false };

/** Keeps the broker from confirming by itself. */
const silent: Script = { publish: () => {} };

function confirm(peer: FakePeer, messageId: number | undefined, reasonCode = 0): void {
  peer.send({ cmd: 'puback', messageId: messageId as number, reasonCode });
}

describe('a message over which the broker ends the connection without a word', () => {
  /** As RabbitMQ does with a topic that the user may not write to: the others are confirmed later. */
  const refusing: Script = {
    publish: (peer, { topic, messageId }) => {
      if (topic === 'secret') peer.socket.end();
      else if (peer.received.every((packet) => packet.cmd !== 'publish' || packet.topic !== 'secret')) {
        confirm(peer, messageId);
      }
    },
  };

  const fast = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    return () => vi.useRealTimers();
  });

  /** Lets time pass until all have settled; `seen` is told how much has passed, in ms. */
  async function settled<T>(sent: Promise<T>[], seen: (passedMs: number) => void = () => {}) {
    let done = false;
    const outcome = Promise.allSettled(sent).finally(() => {
      done = true;
    });
    for (let passedMs = 0; !done; passedMs += 10) {
      seen(passedMs);
      await turn();
      await vi.advanceTimersByTimeAsync(10);
    }
    return await outcome;
  }

  test('is found, and refused with its channel; the others are delivered and the connection stays', async () => {
    await using broker = await FakeBroker.start({ script: refusing });
    await using transport = mqttTransport({ port: broker.port, ...fast });
    await transport.connect();
    const [secret, ...others] = await settled(
      ['secret', 'a', 'b'].map((channel) => transport.publish(message(channel))),
    );
    expect(secret).toMatchObject({
      status: 'rejected',
      // It can have been the network.
      reason: {
        code: 'PUBLISH_REFUSED',
        retryable: true,
        message: expect.stringContaining('to secret was sent'),
      },
    });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const connections = broker.received('connect').length;
    await transport.publish(message('c'));
    expect(broker.received('connect')).toHaveLength(connections);
  });

  test.each([1, 2])('is none that was alone on its way when %i connections ended', async (ends) => {
    let ended = 0;
    const script: Script = {
      publish: (peer, { topic, messageId }) => {
        if (topic === 'innocent' && ended++ < ends) peer.socket.end();
        else confirm(peer, messageId);
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using transport = mqttTransport({ port: broker.port, ...fast });
    await transport.connect();
    await settled([transport.publish(message('innocent'))]);
    expect(broker.received('connect')).toHaveLength(ends + 1);
    // It is forgotten that it was suspected.
    await settled([transport.publish(message('innocent'))]);
    expect(broker.received('connect')).toHaveLength(ends + 1);
  });

  test.each([
    ['one message', ['a'], 200],
    ['several messages', ['a', 'b', 'c'], 200],
    ['two seconds', ['a'], 2_000],
    ['three seconds and several messages', ['a', 'b'], 3_000],
  ])('is none that a proxy ends connections in order beside: %s', async (_name, channels, endsForMs) => {
    let passedMs = 0;
    const ending: Script = {
      publish: (peer, { messageId }) => {
        if (passedMs < endsForMs) peer.socket.end();
        else confirm(peer, messageId);
      },
    };
    await using broker = await FakeBroker.start({ script: ending });
    await using transport = mqttTransport({ port: broker.port, ...fast });
    await transport.connect();
    const outcomes = await settled(
      channels.map((channel) => transport.publish(message(channel))),
      (ms) => {
        passedMs = ms;
      },
    );
    expect(outcomes.map(({ status }) => status)).toEqual(channels.map(() => 'fulfilled'));
  });

  test('is none that only was on its way when connections were lost', async () => {
    let cuts = 0;
    const script: Script = {
      publish: (peer, { topic, messageId }) => {
        if (topic === 'b' && ++cuts <= 3) peer.socket.resetAndDestroy();
        else confirm(peer, messageId);
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using transport = mqttTransport({
      port: broker.port,
      reconnectMinDelayMs: 1,
      reconnectMaxDelayMs: 1,
    });
    await transport.connect();
    const sent = ['a', 'b', 'c'].map((channel) => transport.publish(message(channel)));
    expect((await settled(sent)).map(({ status }) => status)).toEqual(sent.map(() => 'fulfilled'));
    expect(cuts).toBe(4);
  });
});

describe('the packet', () => {
  test('carries channel, payload, content type and headers, and is never retained', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    await open.link.publish(message('a/b', 'hi', { h: 'ä', empty: '' }), DURABLE);
    expect(broker.received('publish')).toMatchObject([
      {
        topic: 'a/b',
        payload: Buffer.from('hi'),
        qos: 1,
        retain: false,
        dup: false,
        properties: { contentType: 'text/plain', userProperties: { h: 'ä', empty: '' } },
      },
    ]);
  });

  test('has no properties for an empty content type and no headers', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const bare: WireMessage = { channel: 'a', payload: new Uint8Array(), contentType: '', headers: {} };
    await open.link.publish(bare, DURABLE);
    const [packet] = broker.received('publish');
    expect(packet?.properties).toBeUndefined();
    expect(packet?.payload).toHaveLength(0);
  });

  test('is not durable where the broker offers quality of service 0 only', async () => {
    await using broker = await FakeBroker.start({ connack: { properties: { maximumQoS: 0 } } });
    await using open = await openLink({ port: broker.port });
    expect(await open.link.publish(message('a'), DURABLE)).toEqual({ routed: 'unknown' });
    expect(await broker.until('publish')).toMatchObject([{ qos: 0 }]);
  });

  test('has quality of service 1 where the broker offers 2', async () => {
    await using broker = await FakeBroker.start({ connack: { properties: { maximumQoS: 2 } } });
    await using open = await openLink({ port: broker.port });
    await open.link.publish(message('a'), DURABLE);
    expect(broker.received('publish')).toMatchObject([{ qos: 1 }]);
  });
});

describe('what the broker says about it', () => {
  test.each([
    [0x00, { routed: 'yes' }],
    [0x10, { routed: 'no' }],
  ])('reason code %i', async (reasonCode, outcome) => {
    const script: Script = { publish: (peer, { messageId }) => confirm(peer, messageId, reasonCode) };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    expect(await open.link.publish(message('a'), DURABLE)).toEqual(outcome);
  });

  test.each([0x87, 0x90, 0x91, 0x99])('reason code %i is a refusal', async (reasonCode) => {
    const script: Script = { publish: (peer, { messageId }) => confirm(peer, messageId, reasonCode) };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    await expect(open.link.publish(message('a/b', 'secret'), DURABLE)).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringMatching(new RegExp(`a/b.*0x${reasonCode.toString(16)}`)),
    });
    await expect(open.link.publish(message('a/b', 'secret'), DURABLE)).rejects.not.toMatchObject({
      message: expect.stringContaining('secret'),
    });
  });

  test.each([0x80, 0x83, 0x97])('reason code %i may be another one later', async (reasonCode) => {
    const script: Script = { publish: (peer, { messageId }) => confirm(peer, messageId, reasonCode) };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    const refusal = await open.link.publish(message('a'), DURABLE).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'BROKER_BUSY', retryable: true, mayHaveRun: true });
    expect(refusal).toMatchObject({ message: expect.stringMatching(/to a .*may have taken/) });
  });

  test('a message that is not durable resolves without the broker', async () => {
    await using broker = await FakeBroker.start({ script: silent });
    await using open = await openLink({ port: broker.port });
    expect(await open.link.publish(message('a'), VOLATILE)).toEqual({ routed: 'unknown' });
  });

  test('a confirmation for nothing harms nothing', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    confirm(broker.peer(), 4711);
    expect(await open.link.publish(message('a'), DURABLE)).toEqual({ routed: 'yes' });
  });
});

describe('how many are under way', () => {
  test.each([
    ['maxInFlight', { maxInFlight: 3 }, {}],
    ["the broker's receive maximum", { maxInFlight: 9 }, { receiveMaximum: 3 }],
  ])('no more than %s', async (_, options, properties) => {
    await using broker = await FakeBroker.start({ script: silent, connack: { properties } });
    await using open = await openLink({ port: broker.port, ...options });
    const texts = ['0', '1', '2', '3', '4'];
    const published = Promise.all(texts.map((text) => open.link.publish(message('a', text), DURABLE)));
    await broker.until('publish', 3);
    await turn();
    expect(broker.received('publish')).toHaveLength(3);
    const [first, second] = broker.received('publish');
    confirm(broker.peer(), second?.messageId);
    await broker.until('publish', 4);
    confirm(broker.peer(), first?.messageId);
    const all = await broker.until('publish', 5);
    expect(all.map(({ payload }) => String(payload))).toEqual(texts);
    for (const { messageId } of all.slice(2)) confirm(broker.peer(), messageId);
    expect(await published).toHaveLength(5);
  });

  test('a message that is not durable keeps its place behind one that waits', async () => {
    await using broker = await FakeBroker.start({ script: silent });
    await using open = await openLink({ port: broker.port, maxInFlight: 1 });
    const published = [
      open.link.publish(message('a', 'first'), DURABLE),
      open.link.publish(message('a', 'second'), DURABLE),
      open.link.publish(message('a', 'third'), VOLATILE),
    ];
    const [first] = await broker.until('publish', 1);
    confirm(broker.peer(), first?.messageId);
    const [, second, third] = await broker.until('publish', 3);
    expect([second, third].map((packet) => String(packet?.payload))).toEqual(['second', 'third']);
    confirm(broker.peer(), second?.messageId);
    await Promise.all(published);
  });

  test('a packet identifier is not given again before it is confirmed, however many others are', async () => {
    const held: { id?: number | undefined } = {};
    const script: Script = {
      publish: (peer, { messageId, payload }) => {
        if (String(payload) === 'held') held.id = messageId;
        else confirm(peer, messageId, messageId === held.id ? 0x91 : 0);
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port, maxInFlight: 65_535 });
    const holding = open.link.publish(message('a', 'held'), DURABLE);
    holding.catch(() => {});
    for (let round = 0; round < 14; round++) {
      await Promise.all(Array.from({ length: 5_000 }, () => open.link.publish(message('a'), DURABLE)));
    }
    confirm(broker.peer(), held.id);
    expect(await holding).toEqual({ routed: 'yes' });
  }, 30_000);

  test('what waits for the network waits in order, and goes on', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    broker.peer().socket.pause();
    const big = 'x'.repeat(512 * 1024);
    const published = ['0', '1', '2', '3', '4', '5', '6', '7'].map((name) =>
      open.link.publish(message(`a/${name}`, big), VOLATILE),
    );
    await turn();
    broker.peer().socket.resume();
    await Promise.all(published);
    const packets = await broker.until('publish', published.length);
    expect(packets.map(({ topic }) => topic)).toEqual(published.map((_, index) => `a/${index}`));
  });
});

describe('what must not go out', () => {
  test.each<[string, Partial<WireMessage>]>([
    ['a control character in a header', { headers: { a: 'x\ny' } }],
    ['NUL in a header', { headers: { a: 'x\0y' } }],
    ['a control character in the name of a header', { headers: { 'a\u0007': 'x' } }],
    ['half a surrogate pair', { headers: { a: '\ud800' } }],
    ['a character that is none', { headers: { a: '\uffff' } }],
    ['a header longer than 65,535 bytes', { headers: { a: 'ä'.repeat(32_768) } }],
    ['a control character in the content type', { contentType: 'text/plain\r' }],
    ['a header that is no string', { headers: { a: 1 as never } }],
    ['a channel longer than 65,535 bytes', { channel: `a/b/${'x'.repeat(65_535)}` }],
  ])('%s', async (_, part) => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    await expect(open.link.publish({ ...message('a/b', 'secret'), ...part }, DURABLE)).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringMatching(/^(?!.*secret).*a\/b/),
    });
    await open.link.publish({ ...message('a'), headers: { a: 'ä'.repeat(32_767) } }, DURABLE);
    expect(broker.received('publish')).toHaveLength(1);
  });

  test('a packet larger than the broker takes, headers counted; one that just fits goes', async () => {
    await using broker = await FakeBroker.start({ connack: { properties: { maximumPacketSize: 1_000 } } });
    await using open = await openLink({ port: broker.port });
    const headers = { name: 'v'.repeat(100) };
    const fits = { ...message('a/b', 'x'.repeat(850)), headers };
    await open.link.publish(fits, DURABLE);
    await expect(
      open.link.publish({ ...message('a/b', 'x'.repeat(890)), headers }, DURABLE),
    ).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(/a\/b.*1000.*MINIO/),
    });
    expect(broker.received('publish')).toHaveLength(1);
  });
});

describe('when the connection ends', () => {
  test('everything in flight and everything that waits rejects with CONNECTION_LOST', async () => {
    await using broker = await FakeBroker.start({ script: silent });
    await using open = await openLink({ port: broker.port, maxInFlight: 2 });
    const published = ['0', '1', '2', '3'].map((text) => open.link.publish(message('a', text), DURABLE));
    const settled = Promise.allSettled(published);
    await broker.until('publish', 2);
    broker.peer().socket.resetAndDestroy();
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    const codes = (await settled).map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes).toEqual(Array(4).fill('CONNECTION_LOST'));
    await expect(open.link.publish(message('a'), DURABLE)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(open.link.publish(message('a'), VOLATILE)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
  });

  test.each(['close', 'destroy'] as const)('%s() settles them, too', async (how) => {
    await using broker = await FakeBroker.start({ script: silent });
    await using open = await openLink({ port: broker.port });
    const published = open.link.publish(message('a'), DURABLE);
    await broker.until('publish');
    await Promise.all([
      open.link[how](),
      expect(published).rejects.toMatchObject({ code: 'CONNECTION_LOST' }),
    ]);
  });
});
