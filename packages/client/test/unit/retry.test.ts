import type { IntersectClient, Observation } from '@intersect-sdk/client';
import { describe, expect, test } from 'vitest';
import { askingClient } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const retry = { attempts: 3, minDelayMs: 0, maxDelayMs: 0 };

const newClient = (config: object = {}): IntersectClient => askingClient({ broker, reports }, config);

/** A client whose requests reach no one until its second try is about to begin. */
async function untilServiceComes(config: object) {
  const started: Promise<FakeService>[] = [];
  const retried: Observation[] = [];
  const onMessage = (seen: Observation): void => {
    if (seen.kind === 'retried') retried.push(seen);
    if (seen.kind === 'answered' && started.length === 0) {
      started.push(FakeService.start(broker, { 'Fake.echo': echo }));
    }
  };
  const client = await newClient({ ...config, observers: [{ onMessage }] }).startup();
  return { client, retried, started };
}

describe('a request that fails', () => {
  test('is sent once where nothing else is asked for', async () => {
    await using client = await newClient().startup();
    const params = { destination: ADDRESS, operation: 'Fake.echo' };
    await expect(client.request(params)).rejects.toMatchObject({ code: 'UNROUTABLE', mayHaveRun: false });
  });

  test.each([
    ['its own options', {}, { retry: { ...retry, attempts: 100, maxDelayMs: 20, minDelayMs: 20 } }],
    ['the client', { retry: { ...retry, attempts: 100, maxDelayMs: 20, minDelayMs: 20 } }, {}],
  ])(
    'is repeated as %s say, where it surely reached no one, and each try is seen',
    async (_, config, options) => {
      const { client, retried, started } = await untilServiceComes(config);
      await using _client = client;
      const answer = await client.request(
        { destination: ADDRESS, operation: 'Fake.echo', payload: 1 },
        options,
      );
      expect(answer).toBe(1);
      expect(retried.map(({ attempt }) => attempt)).toEqual(retried.map((_one, index) => index + 2));
      expect(retried[0]).toMatchObject({ outcome: 'UNROUTABLE', operation: 'Fake.echo' });
      for (const service of started) await (await service)[Symbol.asyncDispose]();
    },
  );

  test('ends with the last error after its attempts', async () => {
    const attempts: (number | undefined)[] = [];
    const onMessage = ({ kind, attempt }: Observation): void => {
      if (kind === 'retried') attempts.push(attempt);
    };
    await using client = await newClient({ observers: [{ onMessage }] }).startup();
    const asked = client.request({ destination: ADDRESS, operation: 'Fake.echo' }, { retry });
    await expect(asked).rejects.toMatchObject({ code: 'UNROUTABLE' });
    expect(attempts).toEqual([2, 3]);
  });

  test.each([
    [true, 3],
    [false, 1],
  ])('and may have run is repeated only if the operation is idempotent: %s', async (idempotent, times) => {
    const never = (): Promise<never> => new Promise(() => {});
    await using service = await FakeService.start(broker, { 'Fake.wait': never });
    await using client = await newClient().startup();
    const params = { destination: ADDRESS, operation: 'Fake.wait' };
    const asked = client.request(params, { retry, idempotent, timeoutMs: 20 });
    await expect(asked).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', mayHaveRun: true });
    await expect.poll(() => service.received.length).toBe(times);
    expect(new Set(service.received.map(({ headers }) => headers.messageId)).size).toBe(times);
  });

  test('is not repeated where the service itself says no', async () => {
    await using service = await FakeService.start(broker, { 'Fake.fail': () => ({ error: 'no' }) });
    await using client = await newClient().startup();
    const params = { destination: ADDRESS, operation: 'Fake.fail' };
    const asked = client.request(params, { retry, idempotent: true });
    await expect(asked).rejects.toMatchObject({ code: 'REMOTE_ERROR', message: 'no' });
    expect(service.received).toHaveLength(1);
  });

  test('because no broker was there is known not to have run', async () => {
    await using client = await newClient().startup();
    broker.refuse(true);
    broker.sever();
    const asked = client.request({ destination: ADDRESS, operation: 'Fake.echo' }, { timeoutMs: 20 });
    await expect(asked).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', mayHaveRun: false });
  });

  test('is given up at shutdown, however long the wait before the next try is', async () => {
    const failed = new Collected<Observation>();
    const client = await newClient({ observers: [{ onMessage: failed.add }] }).startup();
    const waits = { attempts: 2, minDelayMs: 2_000_000_000, maxDelayMs: 2_000_000_000 };
    const asked = client.request({ destination: ADDRESS, operation: 'Fake.echo' }, { retry: waits });
    const ended = expect(asked).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await failed.reach(2);
    await client.shutdown();
    await ended;
  });

  test('is refused with options that cannot be meant', async () => {
    await using client = await newClient().startup();
    const wrong = { attempts: 0, minDelayMs: Number.NaN, delay: 3 };
    const asked = client.request({ destination: ADDRESS, operation: 'Fake.echo' }, { retry: wrong });
    await expect(asked).rejects.toMatchObject({
      issues: ['retry.attempts', 'retry.minDelayMs', 'retry.delay'].map((path) => ({ path })),
    });
  });
});
