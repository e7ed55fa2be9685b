import { inspect } from 'node:util';
import { IntersectClient, type IntersectClientConfig } from '@intersect-sdk/client';
import { type ConfigError, TransportError } from '@intersect-sdk/core';
import { createTransport, type Link, type Transport, type TransportDriver } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { deferred, summary, thrownBy, WAITS_AN_HOUR } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const ask = (payload: unknown) => ({ destination: ADDRESS, operation: 'Fake.echo', payload });
const events = { hierarchy: ADDRESS, capabilityName: 'Fake', eventName: 'tick' };

function newClient(config: Partial<IntersectClientConfig> = {}): IntersectClient {
  const brokers = [
    memoryTransport(broker, { name: 'client', reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 }),
  ];
  return new IntersectClient({ brokers, onReport: reports.add, ...config });
}

type Step = 'open' | 'subscribe' | 'publish';

interface Script {
  /** The step that never ends; told when it is reached. */
  readonly hangsAt?: Step;
  readonly onHang?: () => void;
  readonly subscribe?: () => Promise<void>;
  readonly onClose?: () => void;
}

function scripted({
  hangsAt,
  onHang = () => {},
  subscribe = async () => {},
  onClose = () => {},
}: Script): Transport {
  const step = <T>(name: Step, run: () => Promise<T>): Promise<T> => {
    if (name !== hangsAt) return run();
    onHang();
    return new Promise(() => {});
  };
  const link: Link = {
    publish: () => step('publish', async () => ({ routed: 'yes' })),
    subscribe: () => step('subscribe', subscribe),
    unsubscribe: () => new Promise(() => {}),
    close: async () => onClose(),
    destroy: () => {},
  };
  return createTransport({
    ...memoryDriver(broker, { name: 'scripted' }),
    open: (_events, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new TransportError('ABORTED', 'Aborted.')));
        void step('open', async () => resolve(link));
      }),
  });
}

describe('startup', () => {
  test('resolves with the client, connected; a second call changes nothing', async () => {
    const client = newClient();
    expect(client.isConnected()).toBe(false);
    expect(await client.startup()).toBe(client);
    expect(client.isConnected()).toBe(true);
    const queues = broker.queueCount;
    await Promise.all([client.startup(), client.startup()]);
    expect(broker.queueCount).toBe(queues);
    await client.shutdown();
  });

  test('with a signal that is none is refused, and can be called again', async () => {
    await using client = newClient();
    const error = await thrownBy(() => client.startup({ signal: 'now', timeoutMs: 5 } as never));
    expect((error as ConfigError).issues.map(({ path }) => path)).toEqual(['signal', 'timeoutMs']);
    await client.startup();
    expect(client.isConnected()).toBe(true);
  });

  test('two calls at once are one start', async () => {
    await using client = newClient();
    await Promise.all([client.startup(), client.startup()]);
    expect(broker.queueCount).toBe(1);
  });

  test('a call that joins a start has its own options checked, and its signal ends its own wait alone', async () => {
    const reached = deferred();
    const abort = new AbortController();
    const client = newClient({ brokers: [scripted({ hangsAt: 'open', onHang: () => reached.resolve() })] });
    const first = thrownBy(() => client.startup({ signal: abort.signal }));
    await reached.promise;
    const wrong = await thrownBy(() => client.startup({ sig: 1 } as never));
    expect((wrong as ConfigError).issues.map(({ path }) => path)).toEqual(['sig']);
    const impatient = await thrownBy(() => client.startup({ signal: AbortSignal.abort() }));
    expect(impatient).toMatchObject({ code: 'ABORTED' });
    expect(await Promise.race([first, Promise.resolve('still starting')])).toBe('still starting');
    abort.abort();
    expect(await first).toMatchObject({ code: 'ABORTED' });
  });

  test('again after shutdown: same address and campaign, all works', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    const client = newClient();
    for (const round of [1, 2, 3]) {
      await client.startup();
      expect(await client.request(ask(round))).toBe(round);
      await client.shutdown();
      expect(client.isConnected()).toBe(false);
    }
    expect(new Set(service.received.map(({ headers }) => headers.source))).toEqual(new Set([client.address]));
    expect(new Set(service.received.map(({ headers }) => headers.campaignId)).size).toBe(1);
  });

  test('that is refused throws the reason, leaves nothing open, and can be called again', async () => {
    await using client = newClient();
    broker.refuse(true);
    const error = await thrownBy(() => client.startup());
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect([client.isConnected(), client.consideredUnrecoverable(), broker.queueCount]).toEqual([
      false,
      false,
      0,
    ]);
    broker.refuse(false);
    await client.startup();
    expect(client.isConnected()).toBe(true);
  });

  test('with a wrong password is unrecoverable, and shows no password', async () => {
    const guarded = new MemoryBroker({ password: 'right horse' });
    const brokers = [memoryTransport(guarded, { password: 'wrong horse' })];
    await using client = newClient({ brokers });
    const error = await thrownBy(() => client.startup());
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    expect(client.consideredUnrecoverable()).toBe(true);
    expect(inspect([error, reports.all, client], { depth: null })).not.toContain('horse');
  });

  test('that fails at a subscription leaves no connection open', async () => {
    const onClose = vi.fn();
    const refused = new TransportError('AUTH_REFUSED', 'No.');
    await using client = newClient({
      brokers: [scripted({ subscribe: () => Promise.reject(refused), onClose })],
    });
    expect(await thrownBy(() => client.startup())).toBe(refused);
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(client.isConnected()).toBe(false);
  });

  describe('can be aborted', () => {
    test.each<[Step, number]>([
      ['open', 0],
      ['subscribe', 1],
      ['publish', 1],
    ])('while it waits for %s: ABORTED, and nothing is left open', async (hangsAt, connections) => {
      const abort = new AbortController();
      const [reached, onClose] = [deferred(), vi.fn()];
      const brokers = [scripted({ hangsAt, onHang: () => reached.resolve(), onClose })];
      const client = new IntersectClient(
        { brokers, initialMessageEventConfig: { messagesToSend: [ask(1)] }, shutdownTimeoutMs: 20 },
        () => {},
      );
      const outcome = thrownBy(() => client.startup({ signal: abort.signal }));
      await reached.promise;
      abort.abort();
      expect(await outcome).toMatchObject({ code: 'ABORTED' });
      expect(client.isConnected()).toBe(false);
      expect(onClose).toHaveBeenCalledTimes(connections);
    });

    test('before it begins: nothing is even tried', async () => {
      const opened = vi.fn();
      const client = newClient({ brokers: [scripted({ hangsAt: 'open', onHang: opened })] });
      const reason = new Error('changed my mind');
      const error = await thrownBy(() => client.startup({ signal: AbortSignal.abort(reason) }));
      expect(error).toMatchObject({ code: 'ABORTED', cause: reason });
      expect(opened).not.toHaveBeenCalled();
    });

    test('by shutdown: DRAINING', async () => {
      const reached = deferred();
      const brokers = [scripted({ hangsAt: 'open', onHang: () => reached.resolve() })];
      const client = newClient({ brokers });
      const outcome = thrownBy(() => client.startup());
      await reached.promise;
      await client.shutdown();
      expect(await outcome).toMatchObject({ code: 'DRAINING' });
    });

    test('by shutdown in the same breath', async () => {
      const client = newClient();
      const outcome = thrownBy(() => client.startup());
      await client.shutdown();
      expect(await outcome).toMatchObject({ code: 'DRAINING' });
      expect([client.isConnected(), broker.queueCount]).toEqual([false, 0]);
    });
  });

  test('the last word counts: shutdown, startup, shutdown', async () => {
    const client = await newClient().startup();
    const shutdown = client.shutdown();
    const outcome = thrownBy(() => client.startup());
    await Promise.all([shutdown, client.shutdown()]);
    expect(await outcome).toMatchObject({ code: 'DRAINING' });
    expect([client.isConnected(), broker.queueCount]).toEqual([false, 0]);
  });

  test('during shutdown waits for it', async () => {
    await using client = await newClient().startup();
    const shutdown = client.shutdown();
    await client.startup();
    await shutdown;
    expect(client.isConnected()).toBe(true);
  });
});

describe('shutdown', () => {
  test('leaves no queue at the broker', async () => {
    const client = await newClient().startup();
    const stream = client.events(events);
    await stream.ready;
    expect(broker.queueCount).toBe(2);
    await client.shutdown();
    expect(broker.queueCount).toBe(0);
  });

  test('before startup and twice is fine', async () => {
    const client = newClient();
    await client.shutdown();
    await client.startup();
    expect(await Promise.all([client.shutdown('one'), client.shutdown('two')])).toEqual([client, client]);
    await client.shutdown();
  });

  test('its reason goes to the log', async () => {
    const info = vi.fn();
    const logger = { debug() {}, info, warn() {}, error() {} };
    const client = await newClient({ logger }).startup();
    await client.shutdown('Lunch.');
    expect(info).toHaveBeenCalledWith({ reason: 'Lunch.' }, expect.any(String));
  });

  test('ends await using', async () => {
    {
      await using client = await newClient().startup();
      expect(client.isConnected()).toBe(true);
    }
    expect(broker.queueCount).toBe(0);
  });

  test('does not wait for a broker that answers nothing', async () => {
    const client = newClient({ brokers: [scripted({ hangsAt: 'publish' })], ...WAITS_AN_HOUR });
    await client.startup();
    const stream = client.events(events);
    await stream.ready;
    const request = thrownBy(() => client.request(ask(1)));
    await client.shutdown();
    expect(await request).toMatchObject({ code: 'REQUEST_ABORTED' });
  });
});

describe('a connection', () => {
  test('that is lost comes back; the client is not unrecoverable meanwhile', async () => {
    const transport = memoryTransport(broker, {
      name: 'client',
      reconnectMinDelayMs: 1,
      reconnectMaxDelayMs: 1,
    });
    await using client = await newClient({ brokers: [transport] }).startup();
    const open = deferred();
    transport.onEvent((event) => {
      if (event.kind === 'state' && event.state.kind === 'open') open.resolve();
    });
    broker.sever();
    expect([client.isConnected(), client.consideredUnrecoverable()]).toEqual([false, false]);
    await open.promise;
    expect(client.isConnected()).toBe(true);
  });

  /** A client that its broker will not let in a second time. */
  async function doomed(): Promise<IntersectClient> {
    const driver = memoryDriver(broker, { name: 'client' });
    let opened = 0;
    const open: TransportDriver['open'] = (...args) => {
      if (++opened > 1) throw new TransportError('AUTH_REFUSED', 'The password was changed.');
      return driver.open(...args);
    };
    const quick = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };
    return newClient({ brokers: [createTransport({ ...driver, open }, quick)] }).startup();
  }

  test('that ends for good makes the client unrecoverable and ends untilFinished with the error', async () => {
    const client = await doomed();
    const finished = thrownBy(() => client.untilFinished());
    broker.sever();
    expect(await finished).toMatchObject({ code: 'AUTH_REFUSED' });
    expect([client.isConnected(), client.consideredUnrecoverable()]).toEqual([false, true]);
    expect(summary(reports.all)).toEqual(['broker-failed AUTH_REFUSED']);
    await client.shutdown();
    expect(client.consideredUnrecoverable(), 'until the next start').toBe(true);
  });

  test('that ends for good ends what waits: requests and event streams', async () => {
    const client = await doomed();
    await using _service = await FakeService.start(broker, { 'Fake.echo': () => new Promise(() => {}) });
    const accepted = deferred();
    const request = thrownBy(() => client.request(ask(1), { onAccepted: () => accepted.resolve() }));
    await accepted.promise;
    const stream = client.events(events);
    await stream.ready;
    const next = thrownBy(() => stream.next());
    broker.sever('client');
    expect(await request).toMatchObject({ code: 'REQUEST_ABORTED', cause: { code: 'AUTH_REFUSED' } });
    expect(await next).toMatchObject({ code: 'AUTH_REFUSED' });
    await client.shutdown();
  });
});

describe('untilFinished', () => {
  test('before the first startup: NOT_CONNECTED', async () => {
    expect(await thrownBy(() => newClient().untilFinished())).toMatchObject({ code: 'NOT_CONNECTED' });
  });

  test('resolves with shutdown, also when it is asked afterwards', async () => {
    const client = await newClient().startup();
    const finished = client.untilFinished();
    await client.shutdown();
    await finished;
    await client.untilFinished();
  });
});
