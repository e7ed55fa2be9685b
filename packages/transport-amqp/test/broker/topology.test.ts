import { queueNameOf, SubscribeError, TransportError } from '@intersect-sdk/core';
import { listQueues, type QueueInfo } from '@intersect-sdk/test-brokers';
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

describeWithBroker('rabbitmq', (rabbitmq) => {
  const options = optionsFor(rabbitmq);

  async function queue(name: string): Promise<QueueInfo | undefined> {
    return (await listQueues(rabbitmq)).find((candidate) => candidate.name === name);
  }

  async function sessionQueues(sessionId: string): Promise<QueueInfo[]> {
    return (await listQueues(rabbitmq)).filter(({ name }) => name.includes(sessionId));
  }

  /** The names of the queues that get what is published on the channel. */
  async function queuesBoundTo(channel: string): Promise<string[]> {
    const bindings = (await manage(rabbitmq, 'GET exchanges/%2F/intersect-messages/bindings/source')) as {
      destination: string;
      routing_key: string;
    }[];
    return bindings
      .filter(({ routing_key: key }) => key === channel.replaceAll('/', '.'))
      .map(({ destination }) => destination);
  }

  async function deleteQueues(...names: string[]): Promise<void> {
    await using connection = await rawConnection(rabbitmq);
    const channel = await connection.createChannel();
    for (const name of names) await channel.deleteQueue(name);
  }

  test('a durable subscription uses the queue that a Python service would, and stays after close', async () => {
    const channel = freshChannel();
    const name = queueNameOf(channel);
    {
      await using opened = await openLink(options);
      await opened.link.subscribe(specFor(channel, { retention: 'durable' }));
      expect(await queue(name)).toMatchObject({
        durable: true,
        exclusive: false,
        autoDelete: false,
        arguments: {},
      });
    }
    expect(await queue(name)).toBeDefined();
    await deleteQueues(name);
  });

  test('a durable queue that a Python service declared is taken over, with what waits in it', async () => {
    const channel = freshChannel();
    const name = queueNameOf(channel);
    {
      await using connection = await rawConnection(rabbitmq);
      const raw = await connection.createChannel();
      await raw.assertExchange('intersect-messages', 'topic', { durable: true });
      await raw.assertQueue(name, { durable: true });
      await raw.bindQueue(name, 'intersect-messages', channel.replaceAll('/', '.'));
      raw.publish('intersect-messages', channel.replaceAll('/', '.'), Buffer.from('waiting'));
      await raw.checkQueue(name);
    }
    await using opened = await openLink(options);
    const spec = specFor(channel, { retention: 'durable' });
    await opened.link.subscribe(spec);
    const [first] = await spec.inbox.atLeast(1);
    expect(first && textOf(first.message)).toBe('waiting');
    await deleteQueues(name);
  });

  test('a queue with other arguments is QUEUE_MISMATCH and names queue and argument; the link lives on', async () => {
    const channel = freshChannel();
    const name = queueNameOf(channel);
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    await raw.assertQueue(name, { durable: true, arguments: { 'x-max-length': 5 } });
    await using opened = await openLink(options);
    const refused = await opened.link
      .subscribe(specFor(channel, { retention: 'durable' }))
      .catch((error) => error);
    expect(refused).toBeInstanceOf(SubscribeError);
    expect(refused.code).toBe('QUEUE_MISMATCH');
    expect(refused.message).toContain(name);
    expect(refused.message).toContain('x-max-length');
    const other = specFor(freshChannel());
    await opened.link.subscribe(other);
    await opened.link.publish(message(other.channel), { durable: true });
    await other.inbox.atLeast(1);
    expect(opened.events.losses.all).toEqual([]);
    await raw.deleteQueue(name);
  });

  test('a session queue outlives the link, keeps what comes meanwhile and is gone after an orderly close', async () => {
    const channel = freshChannel('response');
    const spec = specFor(channel, { retention: 'session' });
    const first = await openLink(options, { keepForMs: 12_345 });
    await first.link.subscribe(spec);
    const [before] = await sessionQueues(first.session.id);
    // Without the single active consumer a connection that the broker takes for alive would be sent part of the messages.
    const queueArguments = { 'x-expires': 12_345, 'x-single-active-consumer': true };
    expect(before).toMatchObject({ durable: true, exclusive: false, arguments: queueArguments });
    first.link.destroy();

    await using sender = await openLink(options);
    expect(await sender.link.publish(message(channel, 'meanwhile'), { durable: true })).toEqual({
      routed: 'yes',
    });
    {
      await using second = await openLink(options, first.session);
      await second.link.subscribe(spec);
      const [received] = await spec.inbox.atLeast(1);
      expect(received && textOf(received.message)).toBe('meanwhile');
    }
    expect(await sessionQueues(first.session.id)).toEqual([]);
  });

  test('keepAfterClose leaves the session queue, unsubscribe removes it', async () => {
    const channel = freshChannel('response');
    const spec = specFor(channel, { retention: 'session' });
    const session = { keepAfterClose: true, id: freshChannel().slice(-20, -8) };
    const first = await openLink(options, session);
    await first.link.subscribe(spec);
    await first.link.close();
    expect(await sessionQueues(session.id)).toHaveLength(1);
    await using second = await openLink(options, session);
    await second.link.subscribe(spec);
    expect(await sessionQueues(session.id)).toHaveLength(1);
    await second.link.unsubscribe(spec);
    expect(await sessionQueues(session.id)).toEqual([]);
  });

  test('two session subscriptions of one channel get each message both, also on the next link', async () => {
    const channel = freshChannel('response');
    const specs = [1, 2].map(() => specFor(channel, { retention: 'session' }));
    const first = await openLink(options);
    await Promise.all(specs.map((spec) => first.link.subscribe(spec)));
    await first.link.publish(message(channel, 'one'), { durable: true });
    await Promise.all(specs.map(({ inbox }) => inbox.atLeast(1)));
    first.link.destroy();
    await using second = await openLink(options, first.session);
    await Promise.all(specs.map((spec) => second.link.subscribe(spec)));
    await second.link.publish(message(channel, 'two'), { durable: true });
    // Acknowledgements may have been under way when the first link died, so 'one' may come again.
    await Promise.all(specs.map(({ inbox }) => inbox.until(({ message }) => textOf(message) === 'two')));
    for (const { inbox } of specs) {
      expect(inbox.all.filter(({ info }) => !info.redelivered).map((r) => textOf(r.message))).toEqual([
        'one',
        'two',
      ]);
    }
  });

  test('a session whose id is too long for the name of a queue has its queue all the same, and again', async () => {
    const channel = freshChannel('response');
    const spec = specFor(channel, { retention: 'session' });
    const session = { id: 'x'.repeat(300) };
    const first = await openLink(options, session);
    await first.link.subscribe(spec);
    const name = `intersect-session.${queueNameOf(session.id)}.${queueNameOf(channel).slice(0, 32)}`;
    expect(await queue(name)).toBeDefined();
    first.link.destroy();
    await using second = await openLink(options, session);
    await second.link.subscribe(spec);
    await second.link.publish(message(channel, 'again'), { durable: true });
    await spec.inbox.until(({ message }) => textOf(message) === 'again');
  });

  test('a subscription without retention has a queue of its own that is gone at once', async () => {
    await using opened = await openLink(options);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    const [name = 'none'] = await queuesBoundTo(spec.channel);
    expect(await queue(name)).toMatchObject({ exclusive: true, autoDelete: true, durable: false });
    await opened.link.unsubscribe(spec);
    expect(await queue(name)).toBeUndefined();
  });

  test('wildcards match one word and any rest', async () => {
    await using opened = await openLink(options);
    const base = freshChannel('events/cap');
    const one = specFor(`${base}/*`);
    const rest = specFor(`${base}/#`);
    await opened.link.subscribe(one);
    await opened.link.subscribe(rest);
    await opened.link.publish(message(`${base}/first`), { durable: true });
    await opened.link.publish(message(`${base}/first/deeper`), { durable: true });
    await rest.inbox.atLeast(2);
    expect(rest.inbox.all.map((r) => r.message.channel)).toEqual([`${base}/first`, `${base}/first/deeper`]);
    expect(one.inbox.all.map((r) => r.message.channel)).toEqual([`${base}/first`]);
  });

  test('isRoot: false uses the durable queue that is there, and own queues for the rest', async () => {
    const channel = freshChannel();
    const root = await openLink(options);
    await root.link.subscribe(specFor(channel, { retention: 'durable' }));
    await root.link.close();
    await using guest = await openLink({ ...options, isRoot: false });
    for (const spec of [
      specFor(channel, { retention: 'durable' }),
      specFor(freshChannel(), { retention: 'session' }),
      specFor(freshChannel()),
    ]) {
      await guest.link.subscribe(spec);
      expect(await guest.link.publish(message(spec.channel), { durable: true })).toEqual({ routed: 'yes' });
      await spec.inbox.atLeast(1);
    }
    await deleteQueues(queueNameOf(channel));
  });

  test('isRoot: false refuses a durable queue that does not exist instead of making it', async () => {
    const channel = freshChannel();
    await using guest = await openLink({ ...options, isRoot: false });
    await expect(guest.link.subscribe(specFor(channel, { retention: 'durable' }))).rejects.toMatchObject({
      code: 'QUEUE_MISMATCH',
      message: expect.stringContaining(queueNameOf(channel)),
    });
    expect(await queue(queueNameOf(channel))).toBeUndefined();
  });

  test('isRoot: false does not make the exchange; isRoot: true does', async () => {
    const exchange = `test-${freshChannel().slice(17, 35)}`;
    const refused = await openLink({ ...options, exchange, isRoot: false }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TransportError);
    expect(refused).toMatchObject({ retryable: true, message: expect.stringContaining(exchange) });
    await using opened = await openLink({ ...options, exchange });
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    await opened.link.publish(message(spec.channel), { durable: true });
    await spec.inbox.atLeast(1);
    await using connection = await rawConnection(rabbitmq);
    await (await connection.createChannel()).deleteExchange(exchange);
  });

  test('an exchange of another type is refused for good, by name', async () => {
    const exchange = `test-${freshChannel().slice(17, 35)}`;
    await using connection = await rawConnection(rabbitmq);
    const raw = await connection.createChannel();
    await raw.assertExchange(exchange, 'direct', { durable: true });
    await expect(openLink({ ...options, exchange })).rejects.toMatchObject({
      code: 'PROTOCOL_REFUSED',
      retryable: false,
      message: expect.stringContaining('type: wanted'),
    });
    await raw.deleteExchange(exchange);
  });
});
