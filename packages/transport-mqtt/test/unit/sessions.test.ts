import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mqttDriver } from '../../src/index.js';
import { FakeBroker, type Script } from '../support/fake-broker.js';
import { deferred, openLink, openWith, turn, Wanted } from '../support/links.js';

const retained = (retention: SubscriptionSpec['retention'], channel: string = retention) =>
  new Wanted(channel, { retention });

function clientIds(broker: FakeBroker): string[] {
  return broker.received('connect').map(({ clientId }) => clientId);
}

describe('which session keeps a subscription', () => {
  test('one is enough for answers', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    for (const channel of ['a', 'b']) await open.link.subscribe(retained('session', channel));
    expect(clientIds(broker)).toEqual(['test']);
    expect(broker.received('subscribe')).toMatchObject([
      { subscriptions: [{ topic: 'a', qos: 1, rh: 2, nl: false }] },
      { subscriptions: [{ topic: 'b', qos: 1, rh: 2, nl: false }] },
    ]);
  });

  test('subscriptions without retention share one that ends with its connection', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    await Promise.all(['a', 'b/*', 'c/#'].map((channel) => open.link.subscribe(retained('none', channel))));
    expect(clientIds(broker)).toEqual(['test', 'test-live']);
    expect(broker.peer('-live').connect).toMatchObject({
      clean: true,
      properties: { sessionExpiryInterval: 0 },
    });
    const filters = broker.received('subscribe').map(({ subscriptions }) => subscriptions[0]?.topic);
    expect(filters.sort()).toEqual(['a', 'b/+', 'c/#']);
  });

  test('each durable channel has its own, the same in every run', async () => {
    const ids: string[][] = [];
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      await using broker = await FakeBroker.start();
      await using open = await openLink({ port: broker.port });
      for (const channel of order) await open.link.subscribe(retained('durable', channel));
      await open.link.subscribe(retained('durable', 'a'));
      expect(broker.peers.slice(1).map(({ connect }) => connect)).toMatchObject(
        Array(2).fill({ clean: false, properties: { sessionExpiryInterval: 60 } }),
      );
      ids.push(clientIds(broker));
    }
    expect(ids[0]).toHaveLength(3);
    expect(new Set(ids[0])).toEqual(new Set(ids[1]));
  });

  test('what came for a durable subscription before it was asked for again reaches its handler', async () => {
    const script: Script = {
      connect: (peer, { clientId }) => {
        peer.send({ cmd: 'connack', reasonCode: 0, sessionPresent: true });
        if (clientId !== 'test') peer.deliver('durable', 1, { payload: 'early' });
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    const wanted = retained('durable');
    await open.link.subscribe(wanted);
    await broker.until('puback');
    expect(wanted.texts).toEqual(['early']);
  });
});

describe('unsubscribing', () => {
  test('the last one to be done does not end the session under one that waits to be confirmed', async () => {
    let confirmFirst = (): void => {};
    const script: Script = {
      unsubscribe: (peer, { messageId = 0, unsubscriptions }) => {
        const confirm = (): void => peer.send({ cmd: 'unsuback', messageId, granted: [0] });
        if (unsubscriptions[0] === 'first') confirmFirst = confirm;
        else confirm();
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    const [first, second] = [retained('none', 'first'), retained('none', 'second')];
    await open.link.subscribe(first);
    await open.link.subscribe(second);
    const leaving = open.link.unsubscribe(first);
    await broker.until('unsubscribe');
    await open.link.unsubscribe(second);
    // A second connection under the same name would end the first one, and with it what waits there.
    await open.link.subscribe(retained('none', 'third'));
    expect(clientIds(broker)).toEqual(['test', 'test-live']);
    confirmFirst();
    await leaving;
  });

  test('asks the broker when nobody else wants the channel', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const twins = [retained('session', 'a/*'), retained('session', 'a/*')] as const;
    for (const wanted of twins) await open.link.subscribe(wanted);
    await open.link.unsubscribe(twins[0]);
    expect(broker.received('unsubscribe')).toEqual([]);
    await open.link.unsubscribe(twins[1]);
    expect(broker.received('unsubscribe')).toMatchObject([{ unsubscriptions: ['a/+'] }]);
  });

  test('of the last one without retention closes its connection', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const [one, other] = [retained('none', 'a'), retained('none', 'b')];
    for (const wanted of [one, other]) await open.link.subscribe(wanted);
    await open.link.unsubscribe(one);
    expect(broker.peer('-live').closed).toBe(false);
    await open.link.unsubscribe(other);
    await broker.until('disconnect');
    await open.link.subscribe(one);
    expect(clientIds(broker)).toEqual(['test', 'test-live', 'test-live']);
  });

  test('a durable one stays at the broker: only its connection ends, when its handlers are done', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const handled = deferred<boolean>();
    const wanted = new Wanted('a', { retention: 'durable', handle: () => handled.promise });
    await open.link.subscribe(wanted);
    const own = broker.peers[1];
    for (const id of [1, 2]) own?.deliver('a', id);
    await wanted.until(1);
    await open.link.unsubscribe(wanted);
    await turn();
    expect(broker.received('disconnect')).toEqual([]);
    handled.resolve(true);
    const [disconnect] = await broker.until('disconnect');
    expect(disconnect?.properties?.sessionExpiryInterval).toBeUndefined();
    expect(broker.received('unsubscribe')).toEqual([]);
    expect(broker.received('puback').map(({ messageId }) => messageId)).toEqual([1]);
    expect(wanted.taken).toHaveLength(1);
  });

  test('a durable one that is wanted again while its handler works goes on where it was', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const handled = deferred<boolean>();
    const before = new Wanted('a', { retention: 'durable', handle: () => handled.promise });
    await open.link.subscribe(before);
    for (const id of [1, 2]) broker.peers[1]?.deliver('a', id, { payload: String(id) });
    await before.until(1);
    await open.link.unsubscribe(before);
    const after = retained('durable', 'a');
    await open.link.subscribe(after);
    await after.until(1);
    handled.resolve(true);
    await broker.until('puback', 2);
    expect([before.texts, after.texts]).toEqual([['1'], ['2']]);
    expect(broker.received('disconnect')).toEqual([]);
  });

  test('of what was never subscribed does nothing', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    for (const retention of ['session', 'none', 'durable'] as const) {
      await open.link.unsubscribe(retained(retention));
    }
    expect(broker.received('unsubscribe')).toEqual([]);
  });
});

describe('a session that the broker has already', () => {
  const resumed: Script = {
    connect: (peer) => {
      peer.send({ cmd: 'connack', reasonCode: 0, sessionPresent: true });
      for (const id of [1, 2]) peer.deliver('a', id, { payload: String(id) });
    },
  };

  test('is freed by a connection that handles and acknowledges nothing, and served by the next', async () => {
    await using broker = await FakeBroker.start({ script: resumed });
    await using open = await openLink({ port: broker.port });
    const wanted = retained('session', 'a');
    await open.link.subscribe(wanted);
    await broker.until('puback', 2);
    expect(broker.peers.map(({ received }) => received.map(({ cmd }) => cmd))).toEqual([
      ['connect', 'disconnect'],
      ['connect', 'subscribe', 'puback', 'puback'],
    ]);
    expect(clientIds(broker)).toEqual(['test', 'test']);
    const [disconnect] = broker.received('disconnect');
    expect(disconnect?.properties?.sessionExpiryInterval).toBeUndefined();
    expect(wanted.texts).toEqual(['1', '2']);
  });

  test('is not freed again for the connection that the broker did not take so soon', async () => {
    const tooSoon: Script = {
      connect: (peer) => {
        const reasonCode = broker.peers.length === 2 ? 0x9f : 0;
        peer.send({ cmd: 'connack', reasonCode, sessionPresent: reasonCode === 0 });
      },
    };
    await using broker = await FakeBroker.start({ script: tooSoon });
    const driver = mqttDriver({ port: broker.port });
    await expect(openWith(driver)).rejects.toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    await using _ = await openWith(driver);
    expect(broker.peers).toHaveLength(3);
    await using __ = await openWith(driver);
    expect(broker.peers).toHaveLength(5);
  });

  describe('and does not let go of', () => {
    const endless: Script = {
      connect: (peer) => peer.send({ cmd: 'connack', reasonCode: 0, sessionPresent: true }),
      disconnect: () => {},
    };
    let broker: FakeBroker;

    beforeEach(async () => {
      broker = await FakeBroker.start({ script: endless, allowHalfOpen: true });
    });

    afterEach(() => {
      vi.useRealTimers();
      return broker[Symbol.asyncDispose]();
    });

    test('is waited for no longer than connecting may take', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const opening = openLink({ port: broker.port, connectTimeoutMs: 30_000 });
      await broker.until('disconnect');
      // What comes after the wait has all the time that there is.
      vi.advanceTimersByTime(30_000);
      vi.useRealTimers();
      await using _ = await opening;
      expect(broker.peers).toHaveLength(2);
    });

    test('is waited for no longer than it is wanted', async () => {
      const abort = new AbortController();
      const patient = { port: broker.port, connectTimeoutMs: 600_000 };
      const opening = openLink(patient, { signal: abort.signal });
      const refused = expect(opening).rejects.toMatchObject({ code: 'ABORTED' });
      await broker.until('disconnect');
      abort.abort();
      await refused;
      expect(broker.peers).toHaveLength(1);
    });
  });
});

describe('an orderly end', () => {
  test('drops all sessions at once unless they are to be kept', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    for (const retention of ['session', 'none', 'durable'] as const) {
      await open.link.subscribe(retained(retention));
    }
    await open.link.close();
    await broker.allClosed();
    expect(
      broker
        .received('unsubscribe')
        .flatMap(({ unsubscriptions }) => unsubscriptions)
        .sort(),
    ).toEqual(['durable', 'none', 'session']);
    expect(broker.received('disconnect')).toMatchObject(
      Array(3).fill({ reasonCode: 0, properties: { sessionExpiryInterval: 0 } }),
    );
  });

  test('keeps the durable ones for keepAfterClose', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port }, { keepAfterClose: true });
    for (const retention of ['session', 'none', 'durable'] as const) {
      await open.link.subscribe(retained(retention));
    }
    await open.link.close();
    await broker.allClosed();
    const unsubscribed = broker.received('unsubscribe').flatMap(({ unsubscriptions }) => unsubscriptions);
    expect(unsubscribed.sort()).toEqual(['none', 'session']);
    const [main, live, durable] = broker.peers.map(({ received }) => received.at(-1));
    expect([main, live]).toMatchObject(
      Array(2).fill({ cmd: 'disconnect', properties: { sessionExpiryInterval: 0 } }),
    );
    expect(durable).toMatchObject({ cmd: 'disconnect', reasonCode: 0 });
    expect(durable).not.toHaveProperty('properties.sessionExpiryInterval');
  });
});

test('the session of a listener to events is kept as long as its events are', async () => {
  await using broker = await FakeBroker.start();
  await using open = await openLink({ port: broker.port });
  await open.link.subscribe(retained('durable', 'a/request'));
  const listener = { address: 'org.fac.sys.-.listener', keepForMs: 7_001 };
  await open.link.subscribe(Object.assign(retained('durable', 'a/events'), { listener }));
  const expiries = broker.received('connect').map(({ properties }) => properties?.sessionExpiryInterval);
  expect(expiries).toEqual([60, 60, 8]);
});

describe('a subscription that MQTT cannot carry', () => {
  test.each(['session', 'none', 'durable'] as const)(
    'is refused alone, and the connections stay (%s)',
    async (retention) => {
      await using broker = await FakeBroker.start();
      await using open = await openLink({ port: broker.port });
      await open.link.subscribe(retained(retention, 'a/b'));
      const connections = broker.received('connect').length;
      for (const channel of ['x'.repeat(65_536), 'a\u0000b', 'a/#/b']) {
        await expect(open.link.subscribe(retained(retention, channel))).rejects.toMatchObject({
          code: 'SUBSCRIBE_REFUSED',
          retryable: false,
        });
      }
      await open.link.subscribe(retained(retention, 'c/d'));
      expect(broker.received('subscribe').map(({ subscriptions }) => subscriptions[0]?.topic)).toEqual([
        'a/b',
        'c/d',
      ]);
      expect(open.refused).toEqual([]);
      if (retention !== 'durable') expect(broker.received('connect')).toHaveLength(connections);
    },
  );
});

describe('a session that cannot be had', () => {
  const refuseFurther = (reasonCode: number): Script => ({
    connect: (peer, { clientId }) =>
      peer.send({ cmd: 'connack', sessionPresent: false, reasonCode: clientId === 'test' ? 0 : reasonCode }),
  });

  test('for good: only the subscription is refused', async () => {
    await using broker = await FakeBroker.start({ script: refuseFurther(0x85) });
    await using open = await openLink({ port: broker.port });
    await expect(open.link.subscribe(retained('durable', 'a/b'))).rejects.toMatchObject({
      code: 'SUBSCRIBE_REFUSED',
      message: expect.stringMatching(/a\/b.*0x85/),
    });
    await open.link.subscribe(retained('session'));
    expect(broker.peer('test').closed).toBe(false);
  });

  test('for now: the link is lost, so that all of it is tried again', async () => {
    await using broker = await FakeBroker.start({ script: refuseFurther(0x89) });
    await using open = await openLink({ port: broker.port });
    await expect(open.link.subscribe(retained('durable'))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    await broker.allClosed();
  });

  test('the link ends while it connects: nothing stays open', async () => {
    const script: Script = {
      connect: (peer, { clientId }) => {
        if (clientId === 'test') peer.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0 });
      },
    };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    const subscribed = open.link.subscribe(retained('none'));
    const refused = expect(subscribed).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await broker.until('connect', 2);
    await open.link.close();
    await refused;
    await broker.allClosed();
  });
});

describe('what the broker says about a subscription', () => {
  test.each([0x80, 0x87, 0x8f, 0x97, 0xa2])('reason code %i is a refusal', async (reasonCode) => {
    const script: Script = {
      subscribe: (peer, { messageId }) =>
        peer.send({ cmd: 'suback', messageId: messageId as number, granted: [reasonCode] }),
    };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    await expect(open.link.subscribe(retained('session', 'a/b'))).rejects.toMatchObject({
      code: 'SUBSCRIBE_REFUSED',
      message: expect.stringMatching(new RegExp(`a/b.*0x${reasonCode.toString(16)}`)),
    });
  });

  test('nothing, and then the connection is lost', async () => {
    const script: Script = { subscribe: ({ socket }) => void socket.resetAndDestroy() };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    await expect(open.link.subscribe(retained('session'))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});
