import { TransportError } from '@intersect-sdk/core';
import { createTransport, type Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver } from '@intersect-sdk/transport/memory';
import { expect, it } from 'vitest';
import { defineCapability, type Report, Type } from '../../src/index.js';
import { serviceAt } from './support/programs.js';

const Clock = defineCapability({
  name: 'Clock',
  operations: { rest: {} },
  events: { tick: { schema: Type.Integer() }, tock: { schema: Type.Integer() } },
});
const clock = () => Clock.implement({ rest: () => {} });

/** To a broker that lets another program take the session over when the test says so. */
function takenOver(broker: MemoryBroker): { transport: Transport; takeOver: () => void } {
  const driver = memoryDriver(broker);
  let takeOver = (): void => {};
  const transport = createTransport({
    ...driver,
    open: (events, options) => {
      takeOver = () =>
        events.lost(new TransportError('SESSION_TAKEN_OVER', 'Another program runs this service.'));
      return driver.open(events, options);
    },
  });
  return { transport, takeOver: () => takeOver() };
}

it('a service whose address another program took says that it has failed, until it is started again', async () => {
  const broker = new MemoryBroker();
  const { transport, takeOver } = takenOver(broker);
  const service = serviceAt(broker, [clock()], { brokers: [transport] });
  const states = () => [service.health().state, service.signal.aborted];
  expect(states()).toEqual(['stopped', false]);
  await service.startup();
  expect(states()).toEqual(['running', false]);
  takeOver();
  await expect(service.untilFinished()).rejects.toMatchObject({ code: 'SESSION_TAKEN_OVER' });
  expect(states()).toEqual(['failed', true]);
  expect(service.consideredUnrecoverable()).toBe(true);
  await service.shutdown();
  expect(states()).toEqual(['stopped', true]);
  await service.startup();
  expect(states()).toEqual(['running', false]);
  await service.shutdown();
});

it('one broker of two that is closed for good is no failure of the service', async () => {
  const broker = new MemoryBroker();
  const [one, two] = [takenOver(broker), takenOver(new MemoryBroker())];
  await using service = serviceAt(broker, [clock()], { brokers: [one.transport, two.transport] });
  await service.startup();
  one.takeOver();
  await one.transport.closed;
  expect(service.health()).toMatchObject({
    state: 'running',
    brokers: [
      { state: { kind: 'closed', error: { code: 'SESSION_TAKEN_OVER' } } },
      { state: { kind: 'open' } },
    ],
  });
  expect(service.signal.aborted).toBe(false);
});

it('its signal ends a timer at the beginning of the shutdown', async () => {
  const service = serviceAt(new MemoryBroker(), [clock()]);
  await service.startup();
  const { signal } = service;
  const ended = service.shutdown();
  expect(signal.aborted).toBe(true);
  await ended;
});

it('a timer that goes on emitting is rejected each time, and reported once for each event and end', async () => {
  const reports: Report[] = [];
  const capability = clock();
  const service = serviceAt(new MemoryBroker(), [capability], { onReport: (report) => reports.push(report) });
  for (let run = 0; run < 2; run++) {
    await service.startup();
    await capability.emit('tick', 1);
    await service.shutdown();
    for (const name of ['tick', 'tick', 'tock', 'tick'] as const) {
      await expect(capability.emit(name, 1)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    }
    expect(reports.splice(0).map(({ kind, event, code }) => [kind, event, code])).toEqual([
      ['event-not-sent', 'tick', 'NOT_CONNECTED'],
      ['event-not-sent', 'tock', 'NOT_CONNECTED'],
    ]);
  }
});
