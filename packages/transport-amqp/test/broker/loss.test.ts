import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AmqpOptions } from '../../src/index.js';
import { freshChannel, message, openLink, specFor, textOf } from '../support/links.js';

const durable = { durable: true };

/** A method frame of AMQP's connection class, as the broker would send it. */
function connectionMethod(method: number, args: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.from([0, 10, 0, method]), args]);
  return Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, payload.length]), payload, Buffer.from([0xce])]);
}

const blocked = connectionMethod(60, Buffer.from('\x0alow memory'));
const unblocked = connectionMethod(61, Buffer.alloc(0));

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  function through(proxy: FaultProxy, more: AmqpOptions = {}): AmqpOptions {
    return { host: '127.0.0.1', port: proxy.port, username, password, ...more };
  }

  test('a cut tells once, settles everything in flight and refuses what comes later', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const opened = await openLink(through(proxy));
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    proxy.stall('from-target');
    const inFlight = Array.from({ length: 5_000 }, () => opened.link.publish(message(spec.channel), durable));
    const subscribing = opened.link.subscribe(specFor(freshChannel()));
    proxy.cut();
    const outcomes = await Promise.allSettled([...inFlight, subscribing]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_LOST' } });
    }
    await opened.events.losses.atLeast(1);
    await expect(opened.link.publish(message(spec.channel), durable)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    await expect(opened.link.subscribe(specFor(freshChannel()))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    await opened.link.unsubscribe(spec);
    await opened.link.close();
    expect(opened.events.losses.all).toHaveLength(1);
    expect(opened.events.endedSubscriptions.all).toEqual([]);
  });

  test('a half-open connection is given up after three heartbeats', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const opened = await openLink(through(proxy, { heartbeatS: 10 }));
    proxy.stall('from-target');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(opened.events.losses.all).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const [lost] = await opened.events.losses.atLeast(1);
    expect(lost).toMatchObject({ code: 'CONNECTION_LOST', message: expect.stringContaining('heartbeats') });
  });

  test('order holds across a connection that is lost before the broker notices', async () => {
    const channel = freshChannel('response');
    // More than one consumer is sent ahead, so that the rest waits at the broker.
    const texts = Array.from({ length: 250 }, (_, index) => String(index));
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    await using sender = await openLink({ url: rabbitmq.amqpUrl, username, password });
    const before = await openLink(through(proxy));
    const unfinished = specFor(channel, { retention: 'session', handle: () => new Promise(() => {}) });
    await before.link.subscribe(unfinished);
    await Promise.all(texts.map((text) => sender.link.publish(message(channel, text), durable)));
    await unfinished.inbox.atLeast(1);
    proxy.stall();
    await using after = await openLink({ url: rabbitmq.amqpUrl, username, password }, before.session);
    const spec = specFor(channel, { retention: 'session' });
    await after.link.subscribe(spec);
    // Now the broker hears of it.
    proxy.cut();
    const received = await spec.inbox.atLeast(texts.length);
    expect(received.map((one) => textOf(one.message))).toEqual(texts);
    before.link.destroy();
  });

  test('a broker that asks for a pause gets nothing until it is over, then everything in order', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    await using opened = await openLink(through(proxy));
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    await opened.link.publish(message(spec.channel, 'before'), durable);
    proxy.inject(blocked);
    expect(await opened.events.flows.atLeast(1)).toEqual([true]);
    const sentBefore = proxy.bytesToTarget;
    const held = ['one', 'two', 'three'].map((text) =>
      opened.link.publish(message(spec.channel, text), durable),
    );
    // Comes after all that would have been written meanwhile.
    await opened.link.subscribe(specFor(freshChannel()));
    expect(spec.inbox.all).toHaveLength(1);
    expect(proxy.bytesToTarget - sentBefore).toBeLessThan(400);
    proxy.inject(unblocked);
    expect(await opened.events.flows.atLeast(2)).toEqual([true, false]);
    expect(await Promise.all(held)).toEqual(Array(3).fill({ routed: 'yes' }));
    expect((await spec.inbox.atLeast(4)).map((r) => Buffer.from(r.message.payload).toString())).toEqual([
      'before',
      'one',
      'two',
      'three',
    ]);
  });

  test('closing while the broker asks for a pause does not wait for it', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const opened = await openLink(through(proxy));
    proxy.inject(blocked);
    await opened.events.flows.atLeast(1);
    const held = opened.link.publish(message(freshChannel()), durable).catch((error: unknown) => error);
    await opened.link.close();
    expect(await held).toMatchObject({ code: 'CONNECTION_LOST' });
    await proxy.noneLeft();
  });

  test('after close and after destroy no socket and no timer is left', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const before = timers();
    for (const end of ['close', 'destroy'] as const) {
      const { link } = await openLink(through(proxy));
      const spec = specFor(freshChannel(), { retention: 'session' });
      await link.subscribe(spec);
      await link.publish(message(spec.channel), durable);
      await link[end]();
      await proxy.noneLeft();
    }
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('opening that takes too long leaves no connection behind, wherever it stops', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const complete = await openLink(through(proxy));
    const opening = proxy.bytesFromTarget;
    await complete.link.close();
    for (const bytes of [0, 100, opening - 60, opening - 40, opening - 20, opening - 1]) {
      proxy.stallAfter(bytes);
      await expect(openLink(through(proxy, { connectTimeoutMs: 150 }))).rejects.toMatchObject({
        code: 'CONNECT_TIMEOUT',
      });
      await proxy.noneLeft();
    }
  });
});
