import { queueNameOf } from '@intersect-sdk/core';
import { listQueues } from '@intersect-sdk/test-brokers';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import {
  freshChannel,
  message,
  openLink,
  optionsFor,
  rawConnection,
  specFor,
  textOf,
} from '../support/links.js';
import { manage } from '../support/management.js';
import { publishNested } from '../support/nested-headers.js';
import { restrictedUser } from '../support/restricted-user.js';

const durable = { durable: true };
const exchange = 'intersect-messages';

function gate(): { readonly opened: Promise<boolean>; open(handled?: boolean): void } {
  let open!: (handled: boolean) => void;
  const opened = new Promise<boolean>((resolve) => {
    open = resolve;
  });
  return { opened, open: (handled = true) => open(handled) };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const options = optionsFor(rabbitmq);

  async function deleteQueue(name: string): Promise<void> {
    await using connection = await rawConnection(rabbitmq);
    await (await connection.createChannel()).deleteQueue(name);
  }

  async function queueBoundTo(channel: string): Promise<string> {
    const bindings = await manage(rabbitmq, `GET exchanges/%2F/${exchange}/bindings/source`);
    const key = channel.replaceAll('/', '.');
    const found = (bindings as { routing_key: string; destination: string }[]).find(
      ({ routing_key }) => routing_key === key,
    );
    if (!found) throw new Error(`No queue is bound to ${channel}.`);
    return found.destination;
  }

  test('a message is acknowledged after its handler, and comes back when the link dies before', async () => {
    const channel = freshChannel();
    const first = await openLink(options);
    const never = gate();
    const stuck = specFor(channel, { retention: 'durable', handle: () => never.opened });
    await first.link.subscribe(stuck);
    await first.link.publish(message(channel, 'precious'), durable);
    await stuck.inbox.atLeast(1);
    first.link.destroy();
    never.open();

    await using second = await openLink(options);
    const spec = specFor(channel, { retention: 'durable' });
    await second.link.subscribe(spec);
    const [again] = await spec.inbox.atLeast(1);
    expect(again?.info.redelivered).toBe(true);
    expect(again && textOf(again.message)).toBe('precious');
    await second.link.unsubscribe(spec);
    expect((await listQueues(rabbitmq)).find(({ name }) => name === queueNameOf(channel))?.messages).toBe(0);
    await deleteQueue(queueNameOf(channel));
  });

  test('acknowledgements given just before close reach the broker', async () => {
    const channel = freshChannel();
    const count = 200;
    const opened = await openLink(options);
    const spec = specFor(channel, { retention: 'durable', concurrency: count });
    await opened.link.subscribe(spec);
    await Promise.all(Array.from({ length: count }, () => opened.link.publish(message(channel), durable)));
    await spec.inbox.atLeast(count);
    await opened.link.close();
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    expect((await raw.checkQueue(queueNameOf(channel))).messageCount).toBe(0);
    await raw.deleteQueue(queueNameOf(channel));
  });

  test('what a subscription leaves to the broker goes to the next one', async () => {
    const channel = freshChannel();
    await using opened = await openLink(options);
    const refusing = specFor(channel, { retention: 'durable', handle: async () => false });
    await opened.link.subscribe(refusing);
    await opened.link.publish(message(channel), durable);
    await refusing.inbox.atLeast(1);
    await opened.link.unsubscribe(refusing);
    const spec = specFor(channel, { retention: 'durable' });
    await opened.link.subscribe(spec);
    const [received] = await spec.inbox.atLeast(1);
    expect(received?.info.redelivered).toBe(true);
    await opened.link.unsubscribe(spec);
    await deleteQueue(queueNameOf(channel));
  });

  test('concurrency is a ceiling for each subscription by itself', async () => {
    await using opened = await openLink(options);
    const channel = freshChannel();
    const gates = [1, 3].map((concurrency) => {
      const handlers = gate();
      return { handlers, spec: specFor(channel, { concurrency, handle: () => handlers.opened }) };
    });
    for (const { spec } of gates) await opened.link.subscribe(spec);
    const probe = specFor(channel, { concurrency: 10 });
    await opened.link.subscribe(probe);
    for (let i = 0; i < 5; i++) await opened.link.publish(message(channel, String(i)), durable);
    await probe.inbox.atLeast(5);
    expect(gates.map(({ spec }) => spec.inbox.all.length)).toEqual([1, 3]);
    for (const { handlers, spec } of gates) {
      handlers.open();
      await spec.inbox.atLeast(5);
    }
  });

  test('what waits for a busy handler is fetched ahead, but left to others in a durable queue', async () => {
    await using opened = await openLink(options);
    const never = gate();
    const numbers = Array.from({ length: 20 }, (_, number) => String(number));
    const [own, shared] = [freshChannel(), freshChannel()];
    await opened.link.subscribe(specFor(own, { retention: 'session', handle: () => never.opened }));
    const ownQueue = await queueBoundTo(own);
    await opened.link.subscribe(specFor(shared, { retention: 'durable', handle: () => never.opened }));
    for (const text of numbers) {
      await opened.link.publish(message(own, text), durable);
      await opened.link.publish(message(shared, text), durable);
    }
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    const waiting = async (name: string): Promise<number> => (await raw.checkQueue(name)).messageCount;
    await expect.poll(() => waiting(ownQueue)).toBe(0);
    await expect.poll(() => waiting(queueNameOf(shared))).toBe(numbers.length - 1);
    never.open();
    await deleteQueue(queueNameOf(shared));
  });

  test('a message without headers or content type is delivered, and kills nothing', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createConfirmChannel();
    raw.publish('intersect-messages', spec.channel.replaceAll('/', '.'), Buffer.from('bare'));
    await raw.waitForConfirms();
    const [bare] = await spec.inbox.atLeast(1);
    expect(bare?.message).toMatchObject({ channel: spec.channel, contentType: '', headers: {} });
    await opened.link.publish(message(spec.channel), durable);
    await spec.inbox.atLeast(2);
  });

  test('headers that are not strings are left out', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createConfirmChannel();
    const headers = JSON.parse(
      '{"text":"yes","number":1,"flag":true,"list":["a"],"table":{"a":"b"},"nothing":null,"__proto__":{"lent":"no"}}',
    );
    raw.publish('intersect-messages', spec.channel.replaceAll('/', '.'), Buffer.from(''), { headers });
    await raw.waitForConfirms();
    const [received] = await spec.inbox.atLeast(1);
    expect(received?.message.headers).toStrictEqual({ text: 'yes' });
    expect(received?.message.headers.lent).toBeUndefined();
  });

  test('headers nested thousands deep arrive as none, and kill nothing', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel(), { retention: 'session' });
    await opened.link.subscribe(spec);
    await publishNested(rabbitmq, spec.channel.replaceAll('/', '.'), 8_000);
    const [nested] = await spec.inbox.atLeast(1);
    expect(nested?.message).toMatchObject({ contentType: '', headers: {} });
    expect(nested && textOf(nested.message)).toBe('nested');
    await opened.link.publish(message(spec.channel), durable);
    await spec.inbox.atLeast(2);
    expect(opened.events.losses.all).toEqual([]);
  });

  test('a queue deleted under its consumer is told, and the same subscription can be made again', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel(), { retention: 'durable' });
    await opened.link.subscribe(spec);
    const other = specFor(freshChannel());
    await opened.link.subscribe(other);
    await deleteQueue(queueNameOf(spec.channel));
    const [ended] = await opened.events.endedSubscriptions.atLeast(1);
    expect(ended?.spec).toBe(spec);
    expect(ended?.error).toMatchObject({ retryable: true, message: expect.stringContaining(spec.channel) });
    await opened.link.subscribe(spec);
    for (const { channel, inbox } of [spec, other]) {
      await opened.link.publish(message(channel), durable);
      await inbox.atLeast(1);
    }
    expect(opened.events.losses.all).toEqual([]);
    await deleteQueue(queueNameOf(spec.channel));
  });

  test('a handler at work while its subscription ends still acknowledges', async () => {
    const channel = freshChannel();
    await using opened = await openLink(options);
    const working = gate();
    const spec = specFor(channel, { retention: 'durable', handle: () => working.opened });
    await opened.link.subscribe(spec);
    await opened.link.publish(message(channel), durable);
    await spec.inbox.atLeast(1);
    await opened.link.unsubscribe(spec);
    working.open();
    const next = specFor(channel, { retention: 'durable' });
    await opened.link.subscribe(next);
    await opened.link.publish(message(channel, 'second'), durable);
    const [received] = await next.inbox.atLeast(1);
    expect(received && textOf(received.message)).toBe('second');
    await opened.link.unsubscribe(next);
    await deleteQueue(queueNameOf(channel));
  });

  test('a handler can end its own subscription, of each retention', async () => {
    await using opened = await openLink(options);
    for (const retention of ['none', 'session', 'durable'] as const) {
      const spec = specFor(freshChannel(), {
        retention,
        handle: async () => {
          await opened.link.unsubscribe(spec);
          return true;
        },
      });
      await opened.link.subscribe(spec);
      await opened.link.publish(message(spec.channel), durable);
      await spec.inbox.atLeast(1);
      if (retention === 'durable') await deleteQueue(queueNameOf(spec.channel));
    }
    expect(opened.events.losses.all).toEqual([]);
  });

  test('ending a subscription that is just being made leaves nothing behind', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel(), { retention: 'session' });
    await Promise.all([opened.link.subscribe(spec), opened.link.unsubscribe(spec)]);
    const left = (await listQueues(rabbitmq)).filter(({ name }) => name.includes(opened.session.id));
    expect(left).toEqual([]);
  });

  test('a subscription that the user may not read names channel and permission; others go on', async () => {
    await using user = await restrictedUser(rabbitmq, {
      configure: '.*',
      write: '.*',
      read: '^(amq\\.gen.*|intersect-messages)$',
    });
    await using opened = await openLink({ ...options, username: user.username, password: user.password });
    const fine = specFor(freshChannel());
    await opened.link.subscribe(fine);
    const channel = freshChannel();
    const refused = opened.link.subscribe(specFor(channel, { retention: 'durable' }));
    await expect(refused).rejects.toMatchObject({
      code: 'SUBSCRIBE_REFUSED',
      message: expect.stringMatching(new RegExp(`${channel}.*read permission`)),
    });
    await opened.link.publish(message(fine.channel), durable);
    await fine.inbox.atLeast(1);
    await deleteQueue(queueNameOf(channel));
  });

  test('hundreds of rounds of subscribing and ending leave no channel open', async () => {
    await using opened = await openLink(options);
    const channel = freshChannel();
    for (let round = 0; round < 60; round++) {
      const specs = Array.from({ length: 5 }, () => specFor(channel));
      await Promise.all(specs.map((spec) => opened.link.subscribe(spec)));
      await Promise.all(specs.map((spec) => opened.link.unsubscribe(spec)));
    }
    await opened.link.subscribe(specFor(channel, { retention: 'session' }));
    const channelOfTheLast = async (): Promise<number | undefined> => {
      const consumers = (await manage(rabbitmq, 'GET consumers/%2F')) as {
        readonly queue: { readonly name: string };
        readonly channel_details: { readonly number: number };
      }[];
      return consumers.find(({ queue }) => queue.name.includes(opened.session.id))?.channel_details.number;
    };
    await expect.poll(channelOfTheLast, { interval: 250 }).toBeDefined();
    // Numbers are used again as soon as their channels are closed.
    expect(await channelOfTheLast()).toBeLessThan(10);
  });
});
