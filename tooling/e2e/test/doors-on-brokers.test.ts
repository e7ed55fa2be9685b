// What is called by a contract, over real brokers: both kinds of program that can call, every transport.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { Binary, defineCapability, Type } from '@intersect-sdk/contract';
import { lifecycleChannel } from '@intersect-sdk/core';
import { IntersectService } from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import { expect, test, vi } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';

const status = Type.Object({ kelvin: Type.Number() });
const Lab = defineCapability({
  name: 'Lab',
  operations: {
    set_target: { request: Type.Number({ minimum: 0 }), response: Type.Number() },
    convert: { request: Binary('image/png'), response: Binary('image/png') },
    constructor: { response: Type.String() },
  },
  events: { target_changed: { schema: Type.Number() } },
  status: { schema: status },
});
/** The same for who does not know by which operation the status is asked for. */
const ToldLab = defineCapability({ name: 'Lab', status: { schema: status, name: null } });
const Idle = defineCapability({ name: 'Idle', operations: { idle: {} } });

const hierarchyOf = (service: string) => ({
  organization: 'e2e-org',
  facility: 'e2e-fac',
  system: 'e2e-sys',
  service,
});

function makeLab(transport: Transport, name: string): IntersectService {
  let target = 293;
  const lab = Lab.implement({
    set_target: async (kelvin, { emit }) => {
      const before = target;
      target = kelvin;
      await emit('target_changed', kelvin);
      return before;
    },
    convert: (image) => image.toReversed(),
    constructor: () => 'made',
    status: () => ({ kelvin: target }),
  });
  return new IntersectService([lab], { hierarchy: hierarchyOf(name), brokers: [transport] });
}

const makeClient = (transport: Transport) => new IntersectClient({ brokers: [transport], check: 'both' });
const makeService = (transport: Transport) =>
  new IntersectService([Idle.implement({ idle: () => {} })], {
    hierarchy: hierarchyOf(`idle-${randomUUID()}`),
    brokers: [transport],
    check: 'both',
  });

describeWithEachBroker(({ title, transport, cleanUp }) => {
  test.each([
    ['a client', makeClient],
    ['a service', makeService],
  ])(`${title}: %s calls, listens and is told the status`, async (_, make) => {
    const name = `lab-${randomUUID()}`;
    const own = transport();
    const subscribe = vi.spyOn(own, 'subscribe');
    await using program = make(own);
    await program.startup();
    const service = makeLab(transport(), name);
    const lab = program.capability(Lab, service.address);
    const told = program.capability(ToldLab, service.address).$status();
    const channels = () => subscribe.mock.calls.map(([channel]) => channel);
    await expect.poll(channels).toContain(lifecycleChannel(service.address));
    await Promise.all(subscribe.mock.results.map(({ value }) => value));

    await using _service = await service.startup();
    expect((await told).status).toEqual({ kelvin: 293 });
    await using events = lab.$events('target_changed');
    await events.ready;
    expect(await lab.set_target(77)).toBe(293);
    expect((await events.next()).value?.payload).toBe(77);
    expect(await lab.$status()).toEqual({ kelvin: 77 });
    const image = Uint8Array.from({ length: 256 }, (_each, index) => index);
    expect([...(await lab.convert(image))]).toEqual([...image.toReversed()]);
    expect(await lab.$call('constructor')).toBe('made');
    await events.stop();
    await Promise.all([program.shutdown(), service.shutdown()]);
    await cleanUp(service.address);
    await cleanUp(program.address);
  });
});
