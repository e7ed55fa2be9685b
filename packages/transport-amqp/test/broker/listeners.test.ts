// Several listeners to one channel: each has a queue of its own, and what stands there already is left as it is.
import { eventQueueNameOf, queueNameOf } from '@intersect-sdk/core';
import { listQueues } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { SubscribeOptions, Transport, TransportEvent } from '@intersect-sdk/transport';
import type { Channel } from 'amqplib';
import { afterEach, describe, expect, test } from 'vitest';
import { amqpTransport } from '../../src/index.js';
import { freshChannel, message, optionsFor, rawConnection, textOf } from '../support/links.js';

const KEEP_MS = 604_800_000;
const FIRST = 'org.fac.sys.-.first';
const SECOND = 'org.fac.sys.-.second';

function durable(address: string, keepForMs = KEEP_MS): SubscribeOptions {
  return { retention: 'durable', listener: { address, keepForMs } };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const made: string[] = [];

  afterEach(async () => {
    await using connection = await rawConnection(rabbitmq);
    const channel = await connection.createChannel();
    for (const name of made.splice(0)) await channel.deleteQueue(name);
  });

  /** An event channel that no other test uses; its queues are removed after the test. */
  function eventChannel(...addresses: string[]): string {
    const channel = freshChannel('events/Cap/tick');
    made.push(queueNameOf(channel), ...addresses.map((address) => eventQueueNameOf(address, channel)));
    return channel;
  }

  /** A connected transport, and the notices that it gives. */
  async function connected(
    options = {},
  ): Promise<{ transport: Transport; notices: string[] } & AsyncDisposable> {
    const transport = amqpTransport({ ...optionsFor(rabbitmq), ...options });
    const notices: string[] = [];
    transport.onEvent((event: TransportEvent) => {
      if (event.kind === 'notice') notices.push(event.message);
    });
    await transport.connect();
    return { transport, notices, [Symbol.asyncDispose]: () => transport.close() };
  }

  /** Subscribes, and collects the texts that come in. */
  async function heardBy(
    transport: Transport,
    channel: string,
    options: SubscribeOptions,
  ): Promise<string[]> {
    const heard: string[] = [];
    await transport.subscribe(channel, (received) => void heard.push(textOf(received)), options);
    return heard;
  }

  async function operator(work: (channel: Channel) => Promise<unknown>): Promise<void> {
    await using connection = await rawConnection(rabbitmq);
    await work(await connection.createChannel());
  }

  async function bound(raw: Channel, queue: string, channel: string): Promise<void> {
    await raw.bindQueue(queue, 'intersect-messages', channel.replaceAll('/', '.'));
  }

  async function publish(transport: Transport, channel: string, ...texts: string[]): Promise<void> {
    for (const text of texts) await transport.publish(message(channel, text), { mustRoute: true });
  }

  test('the queue is named after listener and channel, durable, and expires when it is not used', async () => {
    await using one = await connected();
    const channel = eventChannel(FIRST);
    await heardBy(one.transport, channel, durable(FIRST));
    const name = eventQueueNameOf(FIRST, channel);
    expect(name).toBe(`intersect-events.${queueNameOf(`${FIRST}\n${channel}`).slice(0, 48)}`);
    const queues = await listQueues(rabbitmq);
    expect(queues.find((queue) => queue.name === name)).toMatchObject({
      durable: true,
      exclusive: false,
      autoDelete: false,
      arguments: { 'x-expires': KEEP_MS },
    });
    expect(queues.some((queue) => queue.name === queueNameOf(channel))).toBe(false);
    expect(one.notices).toEqual([]);
  });

  test('each listener gets all, one that is away later, and the shared queue of others keeps its own', async () => {
    const channel = eventChannel(FIRST, SECOND);
    await operator(async (raw) => {
      await raw.assertQueue(queueNameOf(channel), { durable: true });
      await bound(raw, queueNameOf(channel), channel);
    });
    await using one = await connected();
    const first = await heardBy(one.transport, channel, durable(FIRST));
    {
      await using gone = await connected();
      await heardBy(gone.transport, channel, durable(SECOND));
    }
    await publish(one.transport, channel, '1', '2');
    await using two = await connected();
    const second = await heardBy(two.transport, channel, durable(SECOND));
    await publish(one.transport, channel, 'end');
    await expect
      .poll(() => [first, second])
      .toEqual([
        ['1', '2', 'end'],
        ['1', '2', 'end'],
      ]);
    await operator(async (raw) => {
      expect(await raw.checkQueue(queueNameOf(channel))).toMatchObject({ messageCount: 3 });
    });
  });

  describe('a queue of the name that all listeners share', () => {
    test('is reported once where nobody uses it, with the command that removes it, and not touched', async () => {
      const channel = eventChannel(FIRST, SECOND);
      const shared = queueNameOf(channel);
      await operator((raw) => raw.assertQueue(shared, { durable: true }));
      await using one = await connected();
      await heardBy(one.transport, channel, durable(FIRST));
      await heardBy(one.transport, channel, durable(SECOND));
      expect(one.notices).toEqual([expect.stringContaining(`rabbitmqctl delete_queue ${shared}`)]);
      await operator((raw) => raw.checkQueue(shared));
    });

    test('is left unmentioned while somebody uses it', async () => {
      const channel = eventChannel(FIRST);
      await using python = await rawConnection(rabbitmq);
      const raw = await python.createChannel();
      await raw.assertQueue(queueNameOf(channel), { durable: true });
      await raw.consume(queueNameOf(channel), () => {});
      await using one = await connected();
      await heardBy(one.transport, channel, durable(FIRST));
      expect(one.notices).toEqual([]);
    });
  });

  test('a queue with another keepEventsMs is used as it is, and reported once with the command', async () => {
    const channel = eventChannel(FIRST);
    const name = eventQueueNameOf(FIRST, channel);
    {
      await using earlier = await connected();
      await heardBy(earlier.transport, channel, durable(FIRST, 60_000));
      await publish(earlier.transport, channel, 'handled');
    }
    await using sender = await connected();
    await publish(sender.transport, channel, 'kept');
    await using one = await connected();
    const heard = await heardBy(one.transport, channel, durable(FIRST));
    await expect.poll(() => heard.at(-1)).toBe('kept');
    expect(one.notices).toEqual([expect.stringContaining(`rabbitmqctl delete_queue ${name}`)]);
    expect(one.notices[0]).toContain('60000');
  });

  test('the longest keepEventsMs that a service may have is one that RabbitMQ takes', async () => {
    await using one = await connected();
    await heardBy(one.transport, eventChannel(FIRST), durable(FIRST, 315_360_000_000));
    const beyond = heardBy(one.transport, eventChannel(FIRST), durable(FIRST, 315_360_000_001));
    await expect(beyond).rejects.toMatchObject({ code: 'QUEUE_MISMATCH' });
  });

  test('any other argument of the queue is a mismatch, as for every queue', async () => {
    const channel = eventChannel(FIRST);
    await operator((raw) =>
      raw.assertQueue(eventQueueNameOf(FIRST, channel), { durable: true, maxLength: 3, expires: KEEP_MS }),
    );
    await using one = await connected();
    await expect(heardBy(one.transport, channel, durable(FIRST))).rejects.toMatchObject({
      code: 'QUEUE_MISMATCH',
    });
    expect(one.transport.state.kind).toBe('open');
  });

  describe('with isRoot: false', () => {
    test('the listener takes its own queue where there is one', async () => {
      const channel = eventChannel(FIRST);
      await operator(async (raw) => {
        await raw.assertQueue(eventQueueNameOf(FIRST, channel), { durable: true });
        await bound(raw, eventQueueNameOf(FIRST, channel), channel);
      });
      await using one = await connected({ isRoot: false });
      const heard = await heardBy(one.transport, channel, durable(FIRST));
      await publish(one.transport, channel, 'mine');
      await expect.poll(() => heard).toEqual(['mine']);
      expect(one.notices).toEqual([]);
    });

    test('else the shared one, and says once that the events are shared', async () => {
      const channel = eventChannel(FIRST);
      await operator(async (raw) => {
        await raw.assertQueue(queueNameOf(channel), { durable: true });
        await bound(raw, queueNameOf(channel), channel);
      });
      await using one = await connected({ isRoot: false });
      const heard = await heardBy(one.transport, channel, durable(FIRST));
      await publish(one.transport, channel, 'shared');
      await expect.poll(() => heard).toEqual(['shared']);
      expect(one.notices).toEqual([expect.stringContaining(eventQueueNameOf(FIRST, channel))]);
      expect(one.notices[0]).toContain(queueNameOf(channel));
    });

    test('and is refused where there is neither, by both names, with nothing made', async () => {
      const channel = eventChannel(FIRST);
      await using one = await connected({ isRoot: false });
      const refused = await heardBy(one.transport, channel, durable(FIRST)).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'QUEUE_MISMATCH' });
      const { message: text } = refused as Error;
      for (const name of [eventQueueNameOf(FIRST, channel), queueNameOf(channel)])
        expect(text).toContain(name);
      const names = (await listQueues(rabbitmq)).map(({ name }) => name);
      expect(names).not.toContain(eventQueueNameOf(FIRST, channel));
      await heardBy(one.transport, freshChannel(), {});
    });
  });

  describe('another program on the same address', () => {
    test.each(['request', 'response', 'events'])(
      'is told to the one that comes second, once (%s)',
      async (kind) => {
        const channel = kind === 'events' ? eventChannel(FIRST) : freshChannel(kind);
        const options: SubscribeOptions = kind === 'events' ? durable(FIRST) : { retention: 'durable' };
        if (kind !== 'events') made.push(queueNameOf(channel));
        await using one = await connected();
        await heardBy(one.transport, channel, options);
        await using two = await connected();
        await heardBy(two.transport, channel, options);
        expect(one.notices).toEqual([]);
        expect(two.notices).toEqual([expect.stringContaining(channel)]);
        expect(two.notices[0]).toContain('Another program');
      },
    );

    test('is not told when a lost connection is made again beside the consumer that it left', async () => {
      const channel = freshChannel();
      made.push(queueNameOf(channel));
      await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
      const { username, password } = rabbitmq;
      const fast = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };
      const transport = amqpTransport({ host: '127.0.0.1', port: proxy.port, username, password, ...fast });
      await using _closing = transport;
      const notices: string[] = [];
      const open = new Promise<void>((resolve) => {
        let opened = 0;
        transport.onEvent((event) => {
          if (event.kind === 'notice') notices.push(event.message);
          if (event.kind === 'state' && event.state.kind === 'open' && ++opened === 2) resolve();
        });
      });
      await transport.connect();
      await heardBy(transport, channel, { retention: 'durable' });
      await using other = await connected();
      await heardBy(other.transport, channel, { retention: 'durable' });
      proxy.cut();
      await open;
      expect(notices).toEqual([]);
    });
  });
});
