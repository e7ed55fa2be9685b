import { IntersectClient, type Report } from '@intersect-sdk/client';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected, deferred, summary, thrownBy, WAITS_AN_HOUR } from './support.js';

const quick = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };
const ask = (payload: unknown) => ({ destination: ADDRESS, operation: 'Fake.echo', payload });
const events = { hierarchy: ADDRESS, capabilityName: 'Fake', eventName: 'tick' };

let one: MemoryBroker;
let two: MemoryBroker;
let reports: Collected<Report>;

beforeEach(() => {
  one = new MemoryBroker();
  two = new MemoryBroker();
  reports = new Collected();
});

function newClient(brokers = [one, two]): IntersectClient {
  const names = ['one', 'two'];
  return new IntersectClient({
    brokers: brokers.map((broker, index) => memoryTransport(broker, { ...quick, name: names[index] })),
    onReport: reports.add,
    ...WAITS_AN_HOUR,
  });
}

describe('a request', () => {
  test('goes to one broker only', async () => {
    await using first = await FakeService.start(one, { 'Fake.echo': echo });
    await using second = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    for (const index of [1, 2, 3]) expect(await client.request(ask(index))).toBe(index);
    expect(first.received.length + second.received.length).toBe(3);
    expect(reports.all).toEqual([]);
  });

  test('goes to the broker that can route it, whichever that is', async () => {
    await using service = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    expect(await client.request(ask(1))).toBe(1);
    expect(service.received).toHaveLength(1);
    expect(reports.all).toEqual([]);
  });

  test('that no broker can route is UNROUTABLE', async () => {
    await using client = await newClient().startup();
    expect(await thrownBy(() => client.request(ask(1)))).toMatchObject({ code: 'UNROUTABLE' });
  });

  test('too large for one broker goes to the other', async () => {
    const small = new MemoryBroker({ maxPayloadBytes: 10 });
    await using _first = await FakeService.start(small, { 'Fake.echo': echo });
    await using second = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient([small, two]).startup();
    expect(await client.request(ask('x'.repeat(100)))).toHaveLength(100);
    expect(second.received).toHaveLength(1);
  });

  test('too large for the one broker that is there, unroutable at the other: the size is what to mend', async () => {
    const small = new MemoryBroker({ maxPayloadBytes: 10 });
    await using _first = await FakeService.start(small, { 'Fake.echo': echo });
    for (const brokers of [
      [small, two],
      [two, small],
    ]) {
      await using client = await newClient(brokers).startup();
      const error = await thrownBy(() => client.request(ask('x'.repeat(100))));
      expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    }
  });

  test('made while both are away goes to the first that is back', async () => {
    await using service = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    for (const broker of [one, two]) {
      broker.refuse(true);
      broker.sever(broker === one ? 'one' : 'two');
    }
    const answer = client.request(ask(1));
    two.refuse(false);
    expect(await answer).toBe(1);
    expect(service.received).toHaveLength(1);
  });

  test('made while both are away ends by its own time', async () => {
    await using client = await newClient().startup();
    for (const broker of [one, two]) {
      broker.refuse(true);
      broker.sever();
    }
    const error = await thrownBy(() => client.request(ask(1), { timeoutMs: 5 }));
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });
});

describe('one broker down', () => {
  test('at the start: the client starts with the other and reports it; the first joins when it is back', async () => {
    await using service = await FakeService.start(two, { 'Fake.echo': echo });
    one.refuse(true);
    const transports = [one, two].map((broker) => memoryTransport(broker, quick));
    const back = deferred();
    transports[0]?.onEvent((event) => {
      if (event.kind === 'state' && event.state.kind === 'open') back.resolve();
    });
    await using client = await new IntersectClient({ brokers: transports, onReport: reports.add }).startup();
    expect(summary(reports.all)).toEqual(['broker-failed CONNECT_REFUSED']);
    expect(reports.all[0]).toMatchObject({ broker: transports[0]?.name });
    expect(client.isConnected()).toBe(true);
    expect(await client.request(ask(1))).toBe(1);

    await using stream = client.events(events);
    await stream.ready;
    one.refuse(false);
    // The stream and the answers are subscribed there as soon as it is back.
    await back.promise;
    await using late = await FakeService.start(one, { 'Fake.echo': echo });
    await late.emit('tick', { json: 'from one' });
    expect((await stream.next()).value.payload).toBe('from one');
    expect(service.received).toHaveLength(1);
  });

  test('with a wrong password: the other goes on, told once', async () => {
    const locked = new MemoryBroker({ password: 'secret' });
    await using _service = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient([locked, two]).startup();
    expect(await client.request(ask(1))).toBe(1);
    expect(client.consideredUnrecoverable()).toBe(false);
    expect(summary(reports.all)).toEqual(['broker-failed AUTH_REFUSED']);
  });

  test('later: requests go on with the other, and nothing waits for the one that is gone', async () => {
    await using _first = await FakeService.start(one, { 'Fake.echo': echo });
    await using second = await FakeService.start(two, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    one.refuse(true);
    one.sever('one');
    expect(client.isConnected()).toBe(true);
    for (const index of [1, 2, 3]) expect(await client.request(ask(index))).toBe(index);
    expect(second.received).toHaveLength(3);
    const stream = client.events(events);
    await stream.ready;
    await second.emit('tick', { json: 1 });
    expect((await stream.next()).value.payload).toBe(1);
    await stream.stop();
  });

  test('shutdown does not wait for it and reports nothing', async () => {
    const client = await newClient().startup();
    one.refuse(true);
    one.sever();
    const stream = client.events(events);
    await stream.ready;
    await client.shutdown();
    expect(reports.all).toEqual([]);
    expect(two.queueCount).toBe(0);
  });

  test('both down at the start: the first error, and nothing is tried in the background', async () => {
    for (const broker of [one, two]) broker.refuse(true);
    const client = newClient();
    expect(await thrownBy(() => client.startup())).toMatchObject({ code: 'CONNECT_REFUSED' });
    for (const broker of [one, two]) broker.refuse(false);
    expect([client.isConnected(), one.queueCount, two.queueCount]).toEqual([false, 0, 0]);
  });
});

describe('events', () => {
  test('are taken from both brokers', async () => {
    await using first = await FakeService.start(one);
    await using second = await FakeService.start(two);
    await using client = await newClient().startup();
    await using stream = client.events(events);
    await stream.ready;
    await first.emit('tick', { json: 'one' });
    expect((await stream.next()).value.payload).toBe('one');
    await second.emit('tick', { json: 'two' });
    expect((await stream.next()).value.payload).toBe('two');
  });

  test('published on both brokers come once', async () => {
    await using first = await FakeService.start(one);
    await using second = await FakeService.start(two);
    await using client = await newClient().startup();
    await using stream = client.events(events);
    await stream.ready;
    const headers = { message_id: '6f1c0d6e-8f4e-4f5e-9d55-0a6f0f2b5c11' };
    for (const service of [first, second]) await service.emit('tick', { json: 'both', headers });
    await first.emit('tick', { json: 'next' });
    expect((await stream.next()).value.payload).toBe('both');
    expect((await stream.next()).value.payload).toBe('next');
  });

  test('after shutdown nothing is left at either broker', async () => {
    const client = await newClient().startup();
    await client.events(events).ready;
    expect([one.queueCount, two.queueCount]).toEqual([2, 2]);
    await client.shutdown();
    expect([one.queueCount, two.queueCount]).toEqual([0, 0]);
  });
});

test('an answer that comes from both brokers is delivered once, the second is reported', async () => {
  await using first = await FakeService.start(one, {
    'Fake.echo': async (request) => {
      await other.answer(request, { json: 'same' });
      return { json: 'same' };
    },
  });
  await using other = await FakeService.start(two);
  await using client = await newClient().startup();
  expect(await client.request(ask(1))).toBe('same');
  expect(summary(await reports.reach(1))).toEqual(['response-refused RESPONSE_UNEXPECTED']);
  expect(first.received).toHaveLength(1);
});
