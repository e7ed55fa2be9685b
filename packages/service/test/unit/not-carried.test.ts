// What JSON cannot carry is refused with its path on every way out, and never goes out as something else.
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { expect, it } from 'vitest';
import { defineCapability, type Report, Type } from '../../src/index.js';
import { Asker } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { eventsOf, LIFECYCLE, serviceAt } from './support/programs.js';

const Meter = defineCapability({
  name: 'Meter',
  operations: { read: { response: Type.Array(Type.Integer()) } },
  events: { measured: { schema: Type.Array(Type.Number()) } },
  status: { schema: Type.Object({ level: Type.Number() }) },
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d', async (value) => {
  const broker = new MemoryBroker();
  await using asker = await Asker.connect(broker);
  const lifecycle = await asker.listen(LIFECYCLE);
  const events = await asker.listen(eventsOf('Meter', 'measured'));
  const reports: Report[] = [];
  const meter = Meter.implement({
    read: async (_nothing, { emit }) => {
      await expect(emit('measured', [1, value])).rejects.toMatchObject({
        code: 'SCHEMA_MISMATCH',
        issues: [{ path: '[1]', message: expect.stringContaining('JSON cannot carry') }],
      });
      return [value];
    },
    status: () => ({ level: value }),
  });
  await using service = serviceAt(broker, [meter], { onReport: (report) => reports.push(report) });
  await service.startup();
  expect(JSON.parse(new TextDecoder().decode((await lifecycle.next()).payload)).status.Meter).toBeNull();
  await expect(meter.emit('measured', [value])).rejects.toMatchObject({ issues: [{ path: '[0]' }] });
  await expect(
    service.call({ destination: service.address, operation: 'Meter.read', payload: [value] }),
  ).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', issues: [{ path: 'payload[0]' }] });
  expect((await asker.ask('Meter.read')).hasError).toBe(true);
  expect((await asker.ask('Meter.status')).hasError).toBe(true);
  expect(events.all).toEqual([]);
  expect(reports.map(({ kind, issues }) => [kind, issues?.[0]?.path])).toEqual([
    ['status-failed', 'level'],
    ['event-not-sent', '[0]'],
    ['event-not-sent', '[1]'],
    ['request-refused', '[0]'],
    ['request-refused', 'level'],
  ]);
});

it.each([
  ['a byte order mark', '\uFEFF5', 'is not valid JSON in UTF-8'],
  [
    'a number beyond all that can be read',
    '1e400',
    'does not fit operation Meter.level:\nis a number too large',
  ],
])('a request with %s is refused', async (_what, json, why) => {
  const Level = defineCapability({ name: 'Meter', operations: { level: { request: Type.Number() } } });
  const { ask } = processorOf(Level.implement({ level: () => {} }));
  const refused = await ask('Meter.level', { body: new TextEncoder().encode(json) });
  expect(refused).toMatchObject({ hasError: true, value: expect.stringContaining(why) });
});
