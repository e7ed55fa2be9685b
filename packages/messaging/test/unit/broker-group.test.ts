import { IllegalStateError, TransportError } from '@intersect-sdk/core';
import { BrokerGroup, Observers, type Report, WIRE_0_9 } from '@intersect-sdk/messaging';
import { createTransport, type Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { message, scriptedTransport } from './scripted-transport.js';

const session = { id: 'test', keepForMs: 1000, keepAfterClose: false };
const quick = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };

function groupOf(...transports: Transport[]) {
  const reports: Report[] = [];
  const onReport = (report: Report): void => void reports.push(report);
  const observers = new Observers({ wire: WIRE_0_9, observers: [{ onReport }] });
  const group = new BrokerGroup(transports, { session, observers });
  return { group, reports };
}

test('what a transport notices at its broker is reported, with what to do', async () => {
  const driver = memoryDriver(new MemoryBroker(), { name: 'noticing' });
  const transport = createTransport({
    name: driver.name,
    capabilities: driver.capabilities,
    open: async (events, options) => {
      const link = await driver.open(events, options);
      events.notice?.(
        'org/events',
        'Queue x collects for nobody. If nobody needs it: rabbitmqctl delete_queue x',
      );
      return link;
    },
  });
  const { group, reports } = groupOf(transport);
  await group.connect();
  expect(reports).toEqual([
    {
      kind: 'broker-notice',
      broker: 'noticing',
      channel: 'org/events',
      message: expect.stringContaining('rabbitmqctl delete_queue x'),
    },
  ]);
  await group.close();
});

describe('publishing to one', () => {
  test('takes the first broker that is open', async () => {
    const [one, two] = [scriptedTransport('one'), scriptedTransport('two')];
    const { group } = groupOf(one, two);
    await group.connect();
    await group.publishToOne(message(), {});
    await one.close();
    await group.publishToOne(message(), {});
    expect([one.published.length, two.published.length]).toEqual([1, 1]);
    await two.close();
  });

  test.each(['UNROUTABLE', 'PUBLISH_REFUSED'] as const)('tries the next after %s', async (outcome) => {
    const [one, two] = [scriptedTransport('one', outcome), scriptedTransport('two')];
    const { group } = groupOf(one, two);
    await group.connect();
    await group.publishToOne(message(), {});
    expect([one.published.length, two.published.length]).toEqual([1, 1]);
    await group.drain(10);
  });

  test('asks the next at once where one cannot take it for now, and waits only where none can', async () => {
    const busy = new TransportError('BROKER_BUSY', 'full');
    const [one, two] = [scriptedTransport('one', busy), scriptedTransport('two')];
    const asked: unknown[] = [];
    const { publish } = one;
    one.publish = (sent, options) => {
      asked.push(options?.whenBusy);
      return publish(sent, options);
    };
    const { group } = groupOf(one, two);
    await group.connect();
    await group.publishToOne(message(), {});
    expect([asked, two.published.length]).toEqual([['reject'], 1]);
    await two.close();
    await expect(group.publishToOne(message(), {})).rejects.toBe(busy);
    expect(asked).toEqual(['reject', 'reject', 'wait']);
    await group.drain(10);
  });

  test('does not try the next where the first one may have it', async () => {
    const [one, two] = [scriptedTransport('one', 'PUBLISH_TIMEOUT'), scriptedTransport('two')];
    const { group } = groupOf(one, two);
    await group.connect();
    await expect(group.publishToOne(message(), {})).rejects.toMatchObject({ code: 'PUBLISH_TIMEOUT' });
    expect(two.published).toEqual([]);
    await group.drain(10);
  });

  test.each([
    ['UNROUTABLE', 'UNROUTABLE', 'UNROUTABLE'],
    ['UNROUTABLE', 'PUBLISH_REFUSED', 'PUBLISH_REFUSED'],
    ['PUBLISH_REFUSED', 'UNROUTABLE', 'PUBLISH_REFUSED'],
  ] as const)('%s and %s together are %s', async (first, second, code) => {
    const { group } = groupOf(scriptedTransport('one', first), scriptedTransport('two', second));
    await group.connect();
    await expect(group.publishToOne(message(), {})).rejects.toMatchObject({ code });
    await group.drain(10);
  });

  test('with all closed: CLOSED', async () => {
    const { group } = groupOf(scriptedTransport('one'), scriptedTransport('two'));
    await group.connect();
    await group.drain(10);
    await expect(group.publishToOne(message(), {})).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('with none connected: ends by its time, or by the signal, and leaves nothing', async () => {
    const brokers = [new MemoryBroker(), new MemoryBroker()];
    const { group } = groupOf(...brokers.map((broker) => memoryTransport(broker, quick)));
    await group.connect();
    for (const broker of brokers) {
      broker.refuse(true);
      broker.sever();
    }
    await expect(group.publishToOne(message(), { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'PUBLISH_TIMEOUT',
    });
    const abort = new AbortController();
    const publishing = group.publishToOne(message(), { signal: abort.signal });
    abort.abort();
    await expect(publishing).rejects.toMatchObject({ code: 'ABORTED' });
    await group.drain(10);
  });
});

describe('publishing to all', () => {
  test('sends to every open broker', async () => {
    const transports = [scriptedTransport('one'), scriptedTransport('two')];
    const { group } = groupOf(...transports);
    await group.connect();
    await group.publishToAll(message(), {});
    expect(transports.map(({ published }) => published.length)).toEqual([1, 1]);
    await group.drain(10);
  });

  test('one that refuses is reported; all that refuse are an error', async () => {
    const { group, reports } = groupOf(scriptedTransport('one', 'PUBLISH_REFUSED'), scriptedTransport('two'));
    await group.connect();
    await group.publishToAll(message(), {});
    expect(reports).toMatchObject([{ kind: 'publish-failed', error: { code: 'PUBLISH_REFUSED' } }]);
    await group.drain(10);

    const refusing = groupOf(
      scriptedTransport('one', 'PUBLISH_REFUSED'),
      scriptedTransport('two', 'UNROUTABLE'),
    );
    await refusing.group.connect();
    await expect(refusing.group.publishToAll(message(), {})).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
    });
    await refusing.group.drain(10);
  });

  test('with all closed: CLOSED', async () => {
    const { group } = groupOf(scriptedTransport('one'), scriptedTransport('two'));
    await expect(group.publishToAll(message(), {})).rejects.toBeInstanceOf(IllegalStateError);
  });
});

describe('subscribing', () => {
  const channel = 'org/fac/sys/-/svc/events/Cap/done';

  test('hears all brokers, and says which one', async () => {
    const brokers = [new MemoryBroker(), new MemoryBroker()];
    const { group } = groupOf(
      ...brokers.map((broker, index) => memoryTransport(broker, { name: `${index}` })),
    );
    await group.connect();
    const heard: string[] = [];
    const both = new Promise<void>((resolve) => {
      void group
        .subscribe(
          channel,
          (_message, { broker }) => {
            heard.push(broker.name);
            if (heard.length === 2) resolve();
          },
          {},
        )
        .then(() => group.publishToAll(message(channel), {}));
    });
    await both;
    expect(heard.sort()).toEqual(['0', '1']);
    await group.drain(10);
  });

  test('a refusal of one connected broker is an error, and undoes the others', async () => {
    const broker = new MemoryBroker();
    const refusing = memoryTransport(new MemoryBroker());
    refusing.subscribe = () => Promise.reject(new Error('no access'));
    const { group } = groupOf(memoryTransport(broker), refusing);
    await group.connect();
    await expect(group.subscribe(channel, () => {}, {})).rejects.toThrow('no access');
    expect(broker.queueCount).toBe(0);
    await group.drain(10);
  });

  test('with none connected resolves when the first is back', async () => {
    const brokers = [new MemoryBroker(), new MemoryBroker()];
    const { group, reports } = groupOf(...brokers.map((broker) => memoryTransport(broker, quick)));
    await group.connect();
    for (const broker of brokers) {
      broker.refuse(true);
      broker.sever();
    }
    const subscribing = group.subscribe(channel, () => {}, {});
    brokers[1]?.refuse(false);
    await using _subscription = await subscribing;
    expect(brokers.map(({ queueCount }) => queueCount)).toEqual([0, 1]);
    await group.drain(10);
    expect(reports).toEqual([]);
  });

  test('before connecting: NOT_CONNECTED', async () => {
    const { group } = groupOf(memoryTransport(new MemoryBroker()));
    await expect(group.subscribe(channel, () => {}, {})).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });
});

describe('the state', () => {
  test('connected while one is; unrecoverable when all have ended and one with an error', async () => {
    const locked = new MemoryBroker({ password: 'x' });
    const [right, wrong] = [memoryTransport(new MemoryBroker()), memoryTransport(locked)];
    const { group } = groupOf(right, wrong);
    expect([group.connected, group.unrecoverable]).toEqual([false, false]);
    await group.connect();
    expect([group.connected, group.unrecoverable]).toEqual([true, false]);
    await right.close();
    expect([group.connected, group.unrecoverable]).toEqual([false, true]);
    expect(await group.failed).toMatchObject({ code: 'AUTH_REFUSED' });
  });

  test('all closed because somebody asked for it is not a failure', async () => {
    const { group, reports } = groupOf(memoryTransport(new MemoryBroker()));
    await group.connect();
    await group.drain(10);
    expect([group.connected, group.unrecoverable, reports]).toEqual([false, false, []]);
  });

  test('a handler that throws is reported with its channel', async () => {
    const { group, reports } = groupOf(memoryTransport(new MemoryBroker(), { name: 'here' }));
    await group.connect();
    const channel = 'a/b';
    await group.subscribe(channel, () => Promise.reject(new Error('broken')), {});
    await group.publishToOne(message(channel), {});
    await group.drain(1000);
    expect(reports).toMatchObject([
      { kind: 'handler-failed', broker: 'here', channel, error: { message: 'broken' } },
    ]);
  });
});
