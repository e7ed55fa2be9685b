import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FakeBroker, type Script } from '../support/fake-broker.js';
import { type Deferred, deferred, message, type OpenLink, openLink, turn, Wanted } from '../support/links.js';

/** The identifiers of the messages that the broker saw acknowledged, in that order. */
function acknowledged(broker: FakeBroker): (number | undefined)[] {
  return broker.received('puback').map(({ messageId }) => messageId);
}

/** A subscription whose handlers end when a test says so. */
function gated(channel: string, options: ConstructorParameters<typeof Wanted>[1] = {}) {
  const gates: Deferred<boolean>[] = [];
  const wanted = new Wanted(channel, {
    ...options,
    handle: () => {
      const gate = deferred<boolean>();
      gates.push(gate);
      return gate.promise;
    },
  });
  return { wanted, gates };
}

/** A round trip on the connection: whatever was to be sent for what came in has arrived after it. */
async function roundTrip(open: OpenLink, retention: 'session' | 'none' = 'session'): Promise<void> {
  await turn();
  await open.link.subscribe(new Wanted(`round-trip/${crypto.randomUUID()}`, { retention }));
}

/** The identifier that the broker was given for a filter. */
const identifierOf = (broker: FakeBroker, filter: string): number | undefined =>
  broker.received('subscribe').find(({ subscriptions }) => subscriptions[0]?.topic === filter)?.properties
    ?.subscriptionIdentifier;

describe('the message', () => {
  test('is channel, payload, content type, headers', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const wanted = new Wanted('a/*');
    await open.link.subscribe(wanted);
    broker.peer().deliver('a/b', 1, {
      payload: Buffer.from([0, 255]),
      properties: { contentType: 'image/png', userProperties: { one: '1', constructor: 'x' } },
    });
    broker.peer().deliver('a/c', 2, { dup: true, payload: '' });
    await wanted.until(2);
    const [first, second] = wanted.taken;
    expect(first?.message).toMatchObject({ channel: 'a/b', contentType: 'image/png' });
    expect({ ...first?.message.headers }).toEqual({ one: '1', constructor: 'x' });
    expect(first?.message.payload.constructor).toBe(Uint8Array);
    expect(first?.message.payload).toEqual(new Uint8Array([0, 255]));
    expect(first?.info).toEqual({ redelivered: false });
    expect(second?.message).toMatchObject({ channel: 'a/c', contentType: '', payload: new Uint8Array() });
    expect({ ...second?.message.headers }).toEqual({});
    expect(second?.info).toEqual({ redelivered: true });
  });

  test('has no header that came twice', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const wanted = new Wanted('a');
    await open.link.subscribe(wanted);
    broker.peer().deliver('a', 1, { properties: { userProperties: { twice: ['1', '2'], once: '3' } } });
    await wanted.until(1);
    expect({ ...wanted.taken[0]?.message.headers }).toEqual({ once: '3' });
  });
});

describe('the acknowledgement', () => {
  test('comes after the handler, not before', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted, gates } = gated('a');
    await open.link.subscribe(wanted);
    broker.peer().deliver('a', 7);
    await wanted.until(1);
    await roundTrip(open);
    expect(acknowledged(broker)).toEqual([]);
    gates[0]?.resolve(true);
    await broker.until('puback');
    expect(acknowledged(broker)).toEqual([7]);
  });

  test('does not wait for handlers that came before and take longer', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted, gates } = gated('a', { concurrency: 4 });
    await open.link.subscribe(wanted);
    for (const id of [5, 3, 9, 4]) broker.peer().deliver('a', id);
    await wanted.until(4);
    for (const [done, gate] of [2, 1, 3].entries()) {
      gates[gate]?.resolve(true);
      await broker.until('puback', done + 1);
    }
    expect(acknowledged(broker)).toEqual([9, 3, 4]);
  });

  test('does not come for what the handler leaves to the broker', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted, gates } = gated('a', { concurrency: 3 });
    await open.link.subscribe(wanted);
    for (const id of [1, 2, 3]) broker.peer().deliver('a', id);
    await wanted.until(3);
    gates[0]?.resolve(true);
    gates[1]?.resolve(false);
    gates[2]?.resolve(true);
    await broker.until('puback', 2);
    expect(acknowledged(broker)).toEqual([1, 3]);
  });

  test('does not come for what is unfinished at an orderly end', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted, gates } = gated('a', { concurrency: 2 });
    await open.link.subscribe(wanted);
    for (const id of [1, 2]) broker.peer().deliver('a', id);
    await wanted.until(2);
    gates[1]?.resolve(true);
    await turn();
    await open.link.close();
    gates[0]?.resolve(true);
    await broker.allClosed();
    expect(acknowledged(broker)).toEqual([2]);
  });

  test('of retention none does not wait for the handler: nothing would come back', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted } = gated('a', { retention: 'none' });
    await open.link.subscribe(wanted);
    for (const id of [1, 2, 3]) broker.peer('-live').deliver('a', id);
    await broker.until('puback', 3);
    expect(wanted.taken).toHaveLength(1);
  });

  test('of retention none waits once too many messages do', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port, maxQueuedMessages: 1 });
    const { wanted, gates } = gated('a', { retention: 'none' });
    await open.link.subscribe(wanted);
    for (const id of [1, 2, 3, 4]) broker.peer('-live').deliver('a', id);
    await broker.until('puback', 2);
    await roundTrip(open, 'none');
    expect(acknowledged(broker)).toEqual([1, 2]);
    for (const done of [1, 2, 3]) {
      await wanted.until(done);
      gates[done - 1]?.resolve(true);
    }
    await broker.until('puback', 3);
    expect(acknowledged(broker)).toEqual([1, 2, 3]);
    expect(open.refused).toEqual([]);
  });
});

describe('the handlers', () => {
  test('have no more messages at once than their concurrency, in order', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const { wanted, gates } = gated('a', { concurrency: 2 });
    await open.link.subscribe(wanted);
    for (const id of [1, 2, 3, 4]) broker.peer().deliver('a', id, { payload: String(id) });
    await wanted.until(2);
    await roundTrip(open);
    expect(wanted.texts).toEqual(['1', '2']);
    gates[1]?.resolve(true);
    await wanted.until(3);
    gates[0]?.resolve(true);
    await wanted.until(4);
    expect(wanted.texts).toEqual(['1', '2', '3', '4']);
  });

  test('never keep the connection from being alive', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port, keepAliveS: 30, receiveMaximum: 2 });
    const { wanted } = gated('a');
    await open.link.subscribe(wanted);
    for (const id of [1, 2]) broker.peer().deliver('a', id);
    for (const pings of [1, 2]) {
      vi.advanceTimersByTime(30_000);
      await broker.until('pingreq', pings);
      // The answer to it is there before this one is.
      await open.link.publish(message('b'), { durable: true });
    }
    expect(broker.peer().closed).toBe(false);
  });

  test('that reject leave the message to the broker', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const wanted = new Wanted('a', { handle: () => Promise.reject(new Error('on purpose')) });
    await open.link.subscribe(wanted);
    broker.peer().deliver('a', 1);
    await wanted.until(1);
    await roundTrip(open);
    expect(acknowledged(broker)).toEqual([]);
  });

  test('are given so many messages without acknowledgement and no more; the rest is refused', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port, maxQueuedMessages: 2 });
    const { wanted, gates } = gated('a');
    await open.link.subscribe(wanted);
    for (let n = 0; n < 5; n++) broker.peer().deliver('a', 0, { payload: String(n) });
    await wanted.until(1);
    await roundTrip(open);
    for (const done of [1, 2, 3]) {
      await wanted.until(done);
      gates[done - 1]?.resolve(true);
    }
    expect(wanted.texts).toEqual(['0', '1', '2']);
    expect(open.refused).toMatchObject([
      { channel: 'a', error: { code: 'PENDING_FULL' } },
      { channel: 'a', error: { code: 'PENDING_FULL' } },
    ]);
  });
});

describe('overlapping subscriptions', () => {
  test('get a message once each from a broker that sends it once for each', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const [exact, pattern, twin] = [new Wanted('a/b'), new Wanted('a/*'), new Wanted('a/b')];
    for (const wanted of [exact, pattern, twin]) await open.link.subscribe(wanted);
    for (const [id, filter] of [
      [1, 'a/b'],
      [2, 'a/+'],
    ] as const) {
      const subscriptionIdentifier = identifierOf(broker, filter);
      broker.peer().deliver('a/b', id, { properties: { subscriptionIdentifier } });
    }
    await broker.until('puback', 2);
    expect([exact, pattern, twin].map(({ taken }) => taken.length)).toEqual([1, 1, 1]);
  });

  test('get a message once each from a broker that sends it once for all', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const [exact, pattern] = [new Wanted('a/b'), new Wanted('a/*')];
    for (const wanted of [exact, pattern]) await open.link.subscribe(wanted);
    const subscriptionIdentifier = ['a/b', 'a/+'].map((filter) => identifierOf(broker, filter));
    broker.peer().deliver('a/b', 1, { properties: { subscriptionIdentifier } });
    await broker.until('puback');
    expect([exact, pattern].map(({ taken }) => taken.length)).toEqual([1, 1]);
  });

  test('are told apart by their channels where the broker has no identifiers', async () => {
    const properties = { subscriptionIdentifiersAvailable: false };
    await using broker = await FakeBroker.start({ connack: { properties } });
    await using open = await openLink({ port: broker.port });
    const [exact, pattern, other] = [new Wanted('a/b'), new Wanted('a/#'), new Wanted('b')];
    for (const wanted of [exact, pattern, other]) await open.link.subscribe(wanted);
    expect(broker.received('subscribe').every(({ properties: sent }) => sent === undefined)).toBe(true);
    broker.peer().deliver('a/b', 1);
    await broker.until('puback');
    expect([exact, pattern, other].map(({ taken }) => taken.length)).toEqual([1, 1, 0]);
  });

  test('are acknowledged when all of them handled it', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const [slow, fast] = [gated('a'), new Wanted('a')];
    for (const wanted of [slow.wanted, fast]) await open.link.subscribe(wanted);
    broker.peer().deliver('a', 1, { properties: { subscriptionIdentifier: identifierOf(broker, 'a') } });
    await fast.until(1);
    await roundTrip(open);
    expect(acknowledged(broker)).toEqual([]);
    slow.gates[0]?.resolve(true);
    await broker.until('puback');
  });
});

describe('messages of an earlier run', () => {
  const resumed: Script = {
    connect: (peer) => {
      peer.send({ cmd: 'connack', reasonCode: 0, sessionPresent: true });
      for (const id of [1, 2]) peer.deliver(`a/${id}`, id, { payload: String(id) });
    },
  };

  test('wait for their subscription', async () => {
    await using broker = await FakeBroker.start({ script: resumed });
    await using open = await openLink({ port: broker.port });
    open.link.ready?.();
    await roundTrip(open);
    expect(acknowledged(broker)).toEqual([]);
    const [second, first] = [new Wanted('a/2'), new Wanted('a/1')];
    await open.link.subscribe(second);
    expect(second.texts).toEqual(['2']);
    await open.link.subscribe(first);
    expect(first.texts).toEqual(['1']);
    await broker.until('puback', 2);
    expect(new Set(acknowledged(broker))).toEqual(new Set([1, 2]));
    expect(open.refused).toEqual([]);
  });

  test('wait until all the subscriptions are there that they came for', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const [exact, pattern] = [new Wanted('a/b'), new Wanted('a/*')];
    for (const wanted of [exact, pattern]) await open.link.subscribe(wanted);
    const subscriptionIdentifier = ['a/b', 'a/+'].map((filter) => identifierOf(broker, filter));
    await using later = await openLink({ port: broker.port }, { id: 'later' });
    const again = [new Wanted('a/b'), new Wanted('a/*')] as const;
    await later.link.subscribe(again[0]);
    broker.peer('later').deliver('a/b', 1, { properties: { subscriptionIdentifier } });
    await roundTrip(later);
    expect(again[0].taken).toEqual([]);
    await later.link.subscribe(again[1]);
    await broker.until('puback');
    expect(again.map(({ taken }) => taken.length)).toEqual([1, 1]);
  });

  test('that no one wants are acknowledged and reported after the grace, and from then on at once', async () => {
    await using broker = await FakeBroker.start({ script: resumed });
    await using open = await openLink({ port: broker.port, unclaimedGraceMs: 20 });
    open.link.ready?.();
    await broker.until('puback', 2);
    broker.peer().deliver('a/3', 3);
    await broker.until('puback', 3);
    expect(open.refused).toMatchObject(
      ['a/1', 'a/2', 'a/3'].map((channel) => ({ channel, error: { code: 'MESSAGE_UNCLAIMED' } })),
    );
  });

  test('are left to the broker when the link ends before', async () => {
    await using broker = await FakeBroker.start({ script: resumed });
    await using open = await openLink({ port: broker.port });
    open.link.ready?.();
    await roundTrip(open);
    await open.link.close();
    await broker.allClosed();
    expect(acknowledged(broker)).toEqual([]);
    expect(open.refused).toEqual([]);
  });
});

test('what is still under way when its subscription ends is acknowledged and dropped in silence', async () => {
  await using broker = await FakeBroker.start();
  await using open = await openLink({ port: broker.port, unclaimedGraceMs: 1 });
  open.link.ready?.();
  const wanted = new Wanted('a');
  await open.link.subscribe(wanted);
  const [subscribe] = broker.received('subscribe');
  await open.link.unsubscribe(wanted);
  broker.peer().deliver('a', 1, { properties: subscribe?.properties });
  await broker.until('puback');
  expect(wanted.taken).toEqual([]);
  expect(open.refused).toEqual([]);
});
