import { eventQueueNameOf, isIntersectError, queueNameOf } from '@intersect-sdk/core';
import { listQueues } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { afterAll, describe, expect, test } from 'vitest';
import { amqpTransport } from '../../src/index.js';
import { freshChannel, message, rawConnection } from '../support/links.js';

/** Five legal parts of an address, more than the 255 bytes of an AMQP routing key together. */
const TOO_LONG = `${Array(5).fill('x'.repeat(62)).join('/')}/request`;

/** Subscribes to a channel, publishes to it, and resolves when the message is there. */
async function roundTrip(transport: Transport): Promise<void> {
  const channel = freshChannel();
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const subscription = await transport.subscribe(channel, () => arrived());
  await transport.publish(message(channel));
  await arrival;
  await subscription.unsubscribe();
}

/** How a subscription ends: a code, or that it has not ended after all that another one took. */
async function outcomeOf(subscribing: Promise<unknown>, transport: Transport): Promise<unknown> {
  const outcome = subscribing.then(
    () => 'subscribed',
    (error: unknown) => (isIntersectError(error) ? { code: error.code } : error),
  );
  return await Promise.race([outcome, roundTrip(transport).then(() => 'still waiting')]);
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;
  const refused = { code: expect.stringMatching(/^(CONFIG_INVALID|SUBSCRIBE_REFUSED)$/) };

  afterAll(async () => {
    await using connection = await rawConnection(rabbitmq);
    await (await connection.createChannel()).deleteQueue(queueNameOf(TOO_LONG));
  });

  describe('a subscription whose channel is too long for AMQP', () => {
    test.each(['none', 'session', 'durable'] as const)(
      'is refused, with the retention %s',
      async (retention) => {
        await using transport = amqpTransport({ url: rabbitmq.amqpUrl, username, password });
        await transport.connect();
        const subscribing = transport.subscribe(TOO_LONG, () => {}, { retention });
        expect(await outcomeOf(subscribing, transport)).toEqual(refused);
      },
    );

    test('makes nothing at the broker, and costs neither the connection nor another subscription', async () => {
      await using transport = amqpTransport({ url: rabbitmq.amqpUrl, username, password });
      await transport.connect();
      const states: string[] = [];
      transport.onEvent((event) => event.kind === 'state' && states.push(event.state.kind));
      const listener = { address: 'org.fac.sys.-.listener', keepForMs: 60_000 };
      for (const options of [{}, { retention: 'durable' }, { retention: 'durable', listener }] as const) {
        const subscribing = transport.subscribe(TOO_LONG, () => {}, options);
        await expect(subscribing).rejects.toMatchObject({ code: 'SUBSCRIBE_REFUSED' });
        await expect(subscribing).rejects.toThrow(/has \d+ bytes, and AMQP carries 255 at most/);
      }
      await roundTrip(transport);
      expect(states).toEqual([]);
      const queues = (await listQueues(rabbitmq)).map(({ name }) => name);
      expect(queues).not.toContain(queueNameOf(TOO_LONG));
      expect(queues).not.toContain(eventQueueNameOf(listener.address, TOO_LONG));
    });

    test('is one that is one byte too long; the longest that fits works', async () => {
      await using transport = amqpTransport({ url: rabbitmq.amqpUrl, username, password });
      await transport.connect();
      const start = `test/${crypto.randomUUID()}/`;
      const longest = start + 'x'.repeat(255 - start.length);
      const arrived = new Promise<void>((resolve) => {
        void transport.subscribe(longest, () => resolve()).then(() => transport.publish(message(longest)));
      });
      await arrived;
      await expect(transport.subscribe(`${longest}x`, () => {})).rejects.toMatchObject({
        code: 'SUBSCRIBE_REFUSED',
      });
    });

    test('is a publish to it too: nothing of it is sent, and what follows is', async () => {
      await using transport = amqpTransport({ url: rabbitmq.amqpUrl, username, password });
      await transport.connect();
      const publishing = transport.publish(message(TOO_LONG));
      await expect(publishing).rejects.toMatchObject({ code: 'PUBLISH_REFUSED', mayHaveRun: false });
      await expect(publishing).rejects.toThrow(/255/);
      await roundTrip(transport);
    });

    test('does not keep the transport from connecting again', async () => {
      await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
      await using transport = amqpTransport({
        host: '127.0.0.1',
        port: proxy.port,
        username,
        password,
        reconnectMinDelayMs: 1,
        reconnectMaxDelayMs: 1,
      });
      await transport.connect();
      transport.subscribe(TOO_LONG, () => {}).catch(() => {});
      await roundTrip(transport);
      const lost = new Promise<void>((resolve) => {
        transport.onEvent((event) => event.kind === 'state' && resolve());
      });
      proxy.cut();
      await lost;
      // The first connection, and three of which any should do.
      const tried = () => transport.state.kind === 'open' || proxy.accepted > 4;
      await expect.poll(tried).toBe(true);
      expect(transport.state.kind).toBe('open');
    });
  });
});
