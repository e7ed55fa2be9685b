import { IntersectClient, type Observation, type Report } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';

const Thermostat = defineCapability({
  name: 'Thermostat',
  operations: { set_target: { request: Type.Number(), response: Type.Number() } },
  events: { target_changed: { schema: Type.Number() } },
});

const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'thermostat' };

class Watcher {
  readonly seen: Observation[] = [];
  readonly reports: Report[] = [];
  readonly payloads: boolean;

  constructor(payloads = false) {
    this.payloads = payloads;
  }

  onMessage(observation: Observation): void {
    this.seen.push(observation);
  }

  onReport(report: Report): void {
    this.reports.push(report);
  }
}

function setUp() {
  const broker = new MemoryBroker();
  const [asking, serving] = [new Watcher(), new Watcher(true)];
  const throwing = {
    onMessage: (): never => {
      throw new Error('this observer is broken');
    },
  };
  const implemented = Thermostat.implement({
    set_target: async (kelvin, { emit }) => {
      await emit('target_changed', kelvin);
      return kelvin;
    },
  });
  const service = new IntersectService([implemented], {
    hierarchy,
    brokers: [memoryTransport(broker)],
    observers: [throwing, serving],
  });
  const client = new IntersectClient({ brokers: [memoryTransport(broker)], observers: [asking] });
  const ask = (payload: unknown) =>
    client.requestWithDetails({ destination: service.address, operation: 'Thermostat.set_target', payload });
  return { client, service, asking, serving, ask };
}

const summary = ({ kind, outcome, channel }: Observation): string =>
  `${kind} ${channel.split('/').slice(5, 6).join('')} ${outcome}`;

test('sees each message of a client and of a service once, with ids, size, time and outcome', async () => {
  const { client, service, asking, serving, ask } = setUp();
  await service.startup();
  await client.startup();
  const { requestId } = await ask(77);
  await client.shutdown();
  await service.shutdown();

  expect(asking.seen.map(summary).sort()).toEqual([
    'answered response ok',
    'received response ok',
    'sent request ok',
  ]);
  for (const { requestId: id, source, destination } of asking.seen) {
    expect(id).toBe(requestId);
    expect([source, destination].sort()).toEqual([client.address, service.address].sort());
  }
  const sent = asking.seen.find(({ kind }) => kind === 'sent');
  expect(sent).toMatchObject({
    operation: 'Thermostat.set_target',
    bytes: 2,
    contentType: 'application/json',
  });
  expect(sent?.messageId).toBe(sent?.headers.message_id);
  expect(sent?.durationMs).toBeGreaterThanOrEqual(0);

  expect(serving.seen.map(summary).sort()).toEqual(
    [
      'handled request ok',
      'received request ok',
      'sent events ok',
      'sent lifecycle ok',
      'sent lifecycle ok',
      'sent response ok',
    ].sort(),
  );
  expect(serving.seen.find(({ event }) => event === 'target_changed')).toMatchObject({
    capability: 'Thermostat',
  });
});

test('a payload goes only to an observer that asks for it', async () => {
  const { client, service, asking, serving, ask } = setUp();
  await service.startup();
  await client.startup();
  await ask(77);
  await client.shutdown();
  await service.shutdown();
  expect(asking.seen.map(({ payload }) => payload)).toEqual(asking.seen.map(() => undefined));
  const handled = serving.seen.find(({ kind }) => kind === 'handled');
  expect(new TextDecoder().decode(handled?.payload)).toBe('77');
});

test('what goes wrong is seen on both sides, and reported with its issues', async () => {
  const { client, service, asking, serving, ask } = setUp();
  await service.startup();
  await client.startup();
  await expect(ask({ kelvin: 77 })).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
  const absent = { destination: 'org.fac.sys.-.absent', operation: 'A.b' };
  await expect(client.request(absent)).rejects.toMatchObject({ code: 'UNROUTABLE' });
  await client.shutdown();
  await service.shutdown();

  const ends = asking.seen.filter(({ kind }) => kind === 'answered').map(({ outcome }) => outcome);
  expect(ends).toEqual(['REMOTE_ERROR', 'UNROUTABLE']);
  expect(asking.seen.map(summary)).toContain('sent request UNROUTABLE');
  expect(serving.seen.map(summary)).toContain('handled request arguments-invalid');
  const [report] = serving.reports;
  expect(report).toMatchObject({
    kind: 'request-refused',
    reason: 'arguments-invalid',
    code: 'SCHEMA_MISMATCH',
    operation: 'Thermostat.set_target',
    source: client.address,
    issues: [{ path: '', message: expect.stringContaining('number') }],
  });
  expect(report?.message).toContain('does not fit');
});
