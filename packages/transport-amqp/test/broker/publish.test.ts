import { randomUUID } from 'node:crypto';
import { PublishError } from '@intersect-sdk/core';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, expect, test } from 'vitest';
import { Inbox } from '../support/inbox.js';
import {
  freshChannel,
  message,
  openLink,
  optionsFor,
  rawConnection,
  specFor,
  textOf,
} from '../support/links.js';
import { restrictedUser } from '../support/restricted-user.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const options = optionsFor(rabbitmq);
  // Where no other program receives everything.
  const exchange = `test-${randomUUID()}`;

  afterAll(async () => {
    await using connection = await rawConnection(rabbitmq);
    await (await connection.createChannel()).deleteExchange(exchange);
  });

  test('tells whether anybody receives the message', async () => {
    await using opened = await openLink({ ...options, exchange });
    const spec = specFor(freshChannel());
    expect(await opened.link.publish(message(spec.channel), { durable: true })).toEqual({ routed: 'no' });
    await opened.link.subscribe(spec);
    expect(await opened.link.publish(message(spec.channel), { durable: true })).toEqual({ routed: 'yes' });
  });

  test('matches each returned message among hundreds in flight', async () => {
    await using opened = await openLink({ ...options, exchange });
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    const nowhere = freshChannel();
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        opened.link.publish(message(i % 3 === 0 ? nowhere : spec.channel), { durable: i % 2 === 0 }),
      ),
    );
    expect(outcomes.map(({ routed }) => routed)).toEqual(
      Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? 'no' : 'yes')),
    );
  });

  test('sends content type, headers and delivery mode as protocol section 4 says', async () => {
    const channel = freshChannel();
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    const { queue } = await raw.assertQueue('', { exclusive: true });
    await raw.bindQueue(queue, 'intersect-messages', channel.replaceAll('/', '.'));
    await using opened = await openLink(options);
    const headers = { message_id: '1', empty: '', umlaut: 'grün ✓' };
    const sent = message(channel, 'x', { contentType: 'text/plain', headers });
    await opened.link.publish(sent, { durable: true });
    await opened.link.publish(sent, { durable: false });
    await opened.link.publish({ ...sent, contentType: '' }, { durable: false });
    const got = [];
    for (let i = 0; i < 3; i++) got.push((await raw.get(queue, { noAck: true })) || undefined);
    expect(got.map((one) => one?.properties.deliveryMode)).toEqual([2, 1, 1]);
    expect(got.map((one) => one?.properties.contentType)).toEqual(['text/plain', 'text/plain', undefined]);
    expect(got.map((one) => one?.properties.headers)).toEqual([headers, headers, headers]);
    expect(got.map((one) => one?.fields.routingKey)).toEqual(Array(3).fill(channel.replaceAll('/', '.')));
  });

  test('the property message_id is the own id of the message, or there is none', async () => {
    const channel = freshChannel();
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    const { queue } = await raw.assertQueue('', { exclusive: true });
    await raw.bindQueue(queue, 'intersect-messages', channel.replaceAll('/', '.'));
    await using opened = await openLink(options);
    const own = message(channel);
    // Sent twice, without an id, with one that is empty, with one that the property has no room for.
    const sent = [own.headers, own.headers, {}, { message_id: '' }, { message_id: 'x'.repeat(256) }];
    for (const headers of sent) await opened.link.publish({ ...own, headers }, { durable: true });
    const got = [];
    for (const _ of sent) got.push((await raw.get(queue, { noAck: true })) || undefined);
    const { message_id: id } = own.headers;
    expect(got.map((one) => one?.properties.messageId)).toEqual([id, id, undefined, undefined, undefined]);
    expect(got.map((one) => one?.properties.headers)).toEqual(sent);
    expect(got.map((one) => one?.properties.correlationId)).toEqual(Array(5).fill(undefined));
  });

  test('tells returned messages apart that have no id, or the same one', async () => {
    await using opened = await openLink({ ...options, exchange });
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    const nowhere = freshChannel();
    for (const headers of [{}, { message_id: 'the same' }]) {
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const channel = i % 3 === 0 ? nowhere : spec.channel;
          return opened.link.publish(message(channel, 'x', { headers }), { durable: i % 2 === 0 });
        }),
      );
      expect(outcomes.map(({ routed }) => routed)).toEqual(
        Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 'no' : 'yes')),
      );
    }
  });

  test('keeps the order of the calls across thousands of messages that fill the buffers', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel(), { concurrency: 1000 });
    await opened.link.subscribe(spec);
    const count = 6_000;
    const padding = 'x'.repeat(1_000);
    const sent = Array.from({ length: count }, (_, i) =>
      opened.link.publish(message(spec.channel, `${i} ${i % 10 === 0 ? padding.repeat(5) : padding}`), {
        durable: false,
      }),
    );
    await Promise.all(sent);
    const received = await spec.inbox.atLeast(count);
    const numbers = received.map((r) => Number.parseInt(textOf(r.message), 10));
    expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test('carries every byte value, nothing at all, and exactly the largest payload of the broker', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    const payloads = [
      new Uint8Array(0),
      Uint8Array.from({ length: 256 }, (_, i) => i),
      new Uint8Array(16 * 1024 * 1024).fill(7),
    ];
    for (const payload of payloads) {
      await opened.link.publish(message(spec.channel, '', { payload }), { durable: false });
    }
    const received = await spec.inbox.atLeast(3);
    for (const [i, payload] of payloads.entries()) {
      expect(Buffer.compare(received[i]?.message.payload ?? Buffer.from('missing'), payload)).toBe(0);
    }
  });

  test('a payload over the limit of the broker rejects alone; what is in flight beside it goes on', async () => {
    await using opened = await openLink({ ...options, maxPayloadBytes: 1 << 30 });
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    const payload = new Uint8Array(16 * 1024 * 1024 + 1);
    const before = opened.link.publish(message(spec.channel, 'before'), { durable: true });
    const tooLarge = opened.link.publish(message(spec.channel, '', { payload }), { durable: true });
    const after = opened.link.publish(message(spec.channel, 'after'), { durable: false });
    await expect(tooLarge).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringContaining('16777216'),
    });
    expect(await before).toEqual({ routed: 'yes' });
    expect(await after).toEqual({ routed: 'yes' });
    const received = await spec.inbox.atLeast(2);
    expect(new Set(received.map((r) => textOf(r.message)))).toEqual(new Set(['before', 'after']));
    expect(opened.events.losses.all).toEqual([]);
  });

  test('a channel that the user may not write to rejects by name; others go on', async () => {
    await using spec = await subscribed(freshChannel());
    const forbidden = freshChannel();
    await using user = await restrictedUser(rabbitmq, {
      configure: '^intersect-messages$',
      write: '.*',
      read: '.*',
      topics: {
        exchange: 'intersect-messages',
        write: `^${spec.channel.replaceAll('/', '\\.')}$`,
        read: '.*',
      },
    });
    await using opened = await openLink({ ...options, username: user.username, password: user.password });
    const allowed = opened.link.publish(message(spec.channel, 'allowed'), { durable: true });
    const refused = opened.link.publish(message(forbidden), { durable: true });
    const later = opened.link.publish(message(spec.channel, 'later'), { durable: true });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ code: 'PUBLISH_REFUSED', retryable: false });
    expect((error as Error).message).toContain(forbidden);
    expect((error as Error).message).toContain('write permission');
    expect(await allowed).toEqual({ routed: 'yes' });
    expect(await later).toEqual({ routed: 'yes' });
    expect(opened.events.losses.all).toEqual([]);
  });

  test('a user without any write permission on the exchange gets PUBLISH_REFUSED for each message', async () => {
    await using user = await restrictedUser(rabbitmq, {
      configure: '^intersect-messages$',
      write: '^$',
      read: '.*',
    });
    await using opened = await openLink({ ...options, username: user.username, password: user.password });
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => opened.link.publish(message(freshChannel()), { durable: true })),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'PUBLISH_REFUSED' } });
    }
    expect(opened.events.losses.all).toEqual([]);
  });

  test('a full queue that refuses is BROKER_BUSY, and says that the message may have been taken', async () => {
    const channel = freshChannel();
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    const { queue } = await raw.assertQueue('', {
      exclusive: true,
      maxLength: 1,
      overflow: 'reject-publish',
    });
    await raw.bindQueue(queue, 'intersect-messages', channel.replaceAll('/', '.'));
    await using opened = await openLink(options);
    await opened.link.publish(message(channel), { durable: true });
    await expect(opened.link.publish(message(channel), { durable: true })).rejects.toMatchObject({
      code: 'BROKER_BUSY',
      mayHaveRun: true,
      message: expect.stringMatching(new RegExp(`${channel}.*may have taken`)),
    });
  });

  test('a full queue may have room later: the refusal is one that can be tried again', async () => {
    const channel = freshChannel();
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    const full = { exclusive: true, maxLength: 0, overflow: 'reject-publish' } as const;
    const { queue } = await raw.assertQueue('', full);
    await raw.bindQueue(queue, 'intersect-messages', channel.replaceAll('/', '.'));
    await using opened = await openLink(options);
    const publishing = opened.link.publish(message(channel), { durable: true });
    expect(await publishing.catch((error: unknown) => error)).toMatchObject({ retryable: true });
  });

  test('headers that AMQP cannot carry reject before anything is sent', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    for (const headers of [{ big: 'x'.repeat(70_000) }, { ['k'.repeat(300)]: 'x' }]) {
      await expect(
        opened.link.publish(message(spec.channel, 'x', { headers }), { durable: true }),
      ).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    }
    expect(await opened.link.publish(message(spec.channel, 'fine'), { durable: true })).toEqual({
      routed: 'yes',
    });
    const [first] = await spec.inbox.atLeast(1);
    expect(first && textOf(first.message)).toBe('fine');
  });

  test('the exchange deleted under the link ends the link, so that the next one makes it again', async () => {
    await using opened = await openLink({ ...options, exchange });
    await using connection = await rawConnection(rabbitmq);
    await (await connection.createChannel()).deleteExchange(exchange);
    await expect(opened.link.publish(message(freshChannel()), { durable: true })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
    });
    expect(opened.events.losses.all).toHaveLength(1);
  });

  test('close waits for the confirmations of what was published', async () => {
    const spec = await subscribed(freshChannel());
    const { link } = await openLink(options);
    const published = Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        link.publish(message(spec.channel, String(i)), { durable: true }),
      ),
    );
    await link.close();
    expect(await published).toEqual(Array(300).fill({ routed: 'yes' }));
    await spec[Symbol.asyncDispose]();
  });

  /** Somebody else who receives on the channel. */
  async function subscribed(
    channel: string,
  ): Promise<{ channel: string; inbox: Inbox<string> } & AsyncDisposable> {
    const opened = await openLink(options);
    const inbox = new Inbox<string>();
    await opened.link.subscribe(
      specFor(channel, {
        handle: async (received) => {
          inbox.push(textOf(received));
          return true;
        },
      }),
    );
    return { channel, inbox, [Symbol.asyncDispose]: () => opened.link.close() };
  }
});
