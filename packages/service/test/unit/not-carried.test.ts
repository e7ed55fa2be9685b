// What JSON cannot carry is refused with its path on every way out, and never goes out as something else.
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { expect, it } from 'vitest';
import { defineCapability, type Report, Type } from '../../src/index.js';
import { Asker } from './support/asker.js';
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
  ).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', issues: [{ path: 'payload.[0]' }] });
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
