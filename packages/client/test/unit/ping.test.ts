// Whether a service is there: any answer says so, a broker may say that nobody is, and anything else is not known.
import { type ConfigError, requestChannel } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { askingClient, message } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected, deferred, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const CORE = 'intersect_sdk.system_capability';
const SOON = { timeoutMs: 20 };

describe('a service that', () => {
  test('answers is up, and says how it is', async () => {
    await using service = await FakeService.start(broker, { [CORE]: () => ({ json: { uptime: 'PT1S' } }) });
    await using client = await askingClient({ broker, reports }, {}).startup();
    const { state, ...told } = await client.ping(ADDRESS);
    expect(state).toBe('up');
    expect(told).toMatchObject({
      address: ADDRESS,
      protocolVersion: '0.9.6',
      coreStatus: { uptime: 'PT1S' },
    });
    expect('roundTripMs' in told && told.roundTripMs).toBeGreaterThan(0);
    expect(service.received).toHaveLength(1);
  });

  test.each([
    ['an error', { error: 'I cannot tell' }],
    ['something that cannot be read', { bytes: Buffer.from('{') }],
    ['another version of the protocol', { json: {}, headers: { sdk_version: '1.0.0' } }],
  ])('answers with %s is up', async (_what, answer) => {
    await using _service = await FakeService.start(broker, { [CORE]: () => answer });
    await using client = await askingClient({ broker, reports }, {}).startup();
    expect(await client.ping(ADDRESS)).toMatchObject({ state: 'up', coreStatus: undefined });
  });

  test('does not answer is silent, and is not asked again', async () => {
    const never = deferred<never>();
    await using service = await FakeService.start(broker, { [CORE]: () => never.promise });
    await using client = await askingClient({ broker, reports }, { retry: { attempts: 5 } }).startup();
    expect(await client.ping(ADDRESS, SOON)).toEqual({ state: 'silent', address: ADDRESS });
    expect(service.received).toHaveLength(1);
  });

  test('is nowhere is absent', async () => {
    await using client = await askingClient({ broker, reports }, {}).startup();
    expect(await client.ping(ADDRESS)).toEqual({ state: 'absent', address: ADDRESS });
  });

  test('is gone is silent, and finds no question in its queue when it is back', async () => {
    const session = { id: 'service', keepForMs: 60_000, keepAfterClose: true };
    const got = new Collected<string>();
    const start = async () => {
      const transport = memoryTransport(broker, { name: 'service' });
      await transport.connect({ session });
      const operationOf = ({ operation_id }: Readonly<Record<string, string>>): string => operation_id ?? '';
      const take = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
        got.add(operationOf(headers));
      await transport.subscribe(requestChannel(ADDRESS), take, { retention: 'durable' });
      return transport;
    };
    await (await start()).drain();
    await using client = await askingClient({ broker, reports }, {}).startup();
    expect(await client.ping(ADDRESS, SOON)).toMatchObject({ state: 'silent' });
    void client.request(message('echo')).catch(() => {});
    await using _back = await start();
    expect(await got.reach(1)).toEqual(['Fake.echo']);
  });
});

test('an address that is none, and options that are none, are refused together', async () => {
  await using client = await askingClient({ broker, reports }, {}).startup();
  const error = await thrownBy(() => client.ping('org.fac.sys.fake', { timeoutMs: 0, wait: 1 } as object));
  expect((error as ConfigError).issues.map(({ path }) => path)).toEqual(['address', 'timeoutMs', 'wait']);
});

test('no broker that could be asked is an error, and says nothing of the service', async () => {
  await using _service = await FakeService.start(broker, { [CORE]: echo });
  await using client = await askingClient({ broker, reports }, {}).startup();
  broker.refuse(true);
  broker.sever('client');
  expect(await thrownBy(() => client.ping(ADDRESS, SOON))).toMatchObject({
    code: 'REQUEST_TIMEOUT',
    mayHaveRun: false,
  });
});
