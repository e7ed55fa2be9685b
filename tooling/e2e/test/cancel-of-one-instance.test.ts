// A cancel goes to every instance of a service, and stops the work of the one that has it, however full its window is.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { expect, test } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';

const Instrument = defineCapability({
  name: 'Instrument',
  operations: { hold: { request: Type.Integer(), response: Type.Null() } },
});

const INSTANCES = ['a', 'b', 'c', 'd'];

describeWithEachBroker((way) => {
  // It has no shared subscriptions, so there is one instance at the most.
  if (way.title === 'MQTT on RabbitMQ') return;

  test(`${way.title}: one of four stops, the other three go on, and nine wait`, async () => {
    const hierarchy = {
      organization: 'org',
      facility: 'fac',
      system: 'sys',
      service: `hold-${randomUUID().slice(0, 13)}`,
    };
    const began: { instance: string; number: number }[] = [];
    const stopped: { instance: string; number: number }[] = [];
    const unexpected: string[] = [];
    const start = async (instance: string) => {
      const hold = (number: number, { signal }: { signal: AbortSignal }) => {
        began.push({ instance, number });
        return new Promise<null>((resolve) => {
          signal.addEventListener('abort', () => {
            stopped.push({ instance, number });
            resolve(null);
          });
        });
      };
      return await new IntersectService([Instrument.implement({ hold })], {
        hierarchy,
        brokers: [way.transport()],
        replicas: true,
        instanceId: instance,
        onReport: ({ kind, reason, message }) => {
          if (reason !== 'cancelled' && reason !== 'stopping') unexpected.push(`${kind}: ${message}`);
        },
      }).startup();
    };
    const services = await Promise.all(INSTANCES.map(start));
    const { address } = services[0] as IntersectService;
    const client = await new IntersectClient({ brokers: [way.transport()] }).startup();
    const instrument = client.capability(Instrument, address);

    const aborters = INSTANCES.map(() => new AbortController());
    const held = aborters.map(({ signal }, number) => instrument.hold(number, { signal }));
    for (const each of held) each.catch(() => {});
    // One at a time is what a capability does unless it says otherwise, so each instance has one.
    await expect.poll(() => new Set(began.map(({ instance }) => instance)).size).toBe(4);
    for (let number = 4; number < 13; number++) instrument.hold(number).catch(() => {});

    aborters[2]?.abort();
    await expect(held[2]).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    const worker = began.find(({ number }) => number === 2);
    await expect.poll(() => stopped).toEqual([worker]);
    // The place is free for one of the nine.
    await expect.poll(() => began.length).toBe(5);
    expect(began[4]).toMatchObject({ instance: worker?.instance });
    expect(stopped).toHaveLength(1);
    expect(unexpected).toEqual([]);

    await client.shutdown();
    for (const service of services) await service.shutdown({ forget: true });
    await way.cleanUp(address);
  });
});
