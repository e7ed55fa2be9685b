import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { Asker, request } from './support/asker.js';
import { Latch, LIFECYCLE, serviceAt } from './support/programs.js';
import { work } from './support/work.js';

const INSTANCE = 'x-intersect-instance';

describe('an instance of several', () => {
  it('takes no more requests than its concurrency, so that the others get the rest', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const [busy, free] = [work(), work()];
    const options = { replicas: true, concurrency: 2 };
    const services = [busy, free].map(({ capability }) => serviceAt(broker, [capability], options));
    await services[0]?.startup();
    for (let i = 0; i < 2; i++) await asker.transport.publish(request('Work.wait'));
    await expect.poll(() => busy.state.runs).toBe(2);
    await services[1]?.startup();
    for (let i = 0; i < 4; i++) await asker.ask('Work.quick', { payload: i });
    expect(asker.replies.all.map(({ headers }) => headers[INSTANCE])).toEqual(
      Array.from({ length: 4 }, () => services[1]?.instanceId),
    );
    expect([busy.state.runs, free.state.runs]).toEqual([2, 4]);
    busy.state.release.open();
    for (const service of services) await service.shutdown();
  });

  it('counts what capabilities and operations can do at once', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const state = { runs: 0, release: new Latch() };
    const rest = async (): Promise<null> => {
      state.runs += 1;
      await state.release.done;
      return null;
    };
    const nothing = { response: Type.Null() };
    // One at a time, but three of `often` beside it.
    const Bench = defineCapability({
      name: 'Bench',
      operations: { rest: nothing, again: nothing, often: { ...nothing, concurrency: 3 } },
    });
    const bench = Bench.implement({ rest, again: rest, often: rest });
    const service = serviceAt(broker, [bench], { replicas: true });
    await service.startup();
    for (let i = 0; i < 6; i++) await asker.transport.publish(request(i < 3 ? 'Bench.often' : 'Bench.rest'));
    await expect.poll(() => [state.runs, service.health().requests.inFlight]).toEqual([4, 4]);
    state.release.open();
    await service.shutdown();
  });

  it('is named in its lifecycle messages, and tells SHUTDOWN only as the last one', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const told = await asker.listen(LIFECYCLE);
    const make = (instanceId: string) =>
      serviceAt(broker, [work().capability], { replicas: true, instanceId });
    const [one, two] = [make('one'), make('two')];
    await one.startup();
    await two.startup();
    await one.shutdown();
    await two.shutdown();
    const types = told.all.map(({ headers }) => [headers.lifecycle_type, headers[INSTANCE]]);
    expect(types).toEqual([
      ['LCT_STARTUP', 'one'],
      ['LCT_STARTUP', 'two'],
      ['LCT_SHUTDOWN', 'two'],
    ]);
    expect([one.instanceId, two.instanceId]).toEqual(['one', 'two']);
  });

  it('has a random id where it was given none, and a service that is alone has none', async () => {
    const broker = new MemoryBroker();
    const ids = [1, 2].map(
      () => serviceAt(broker, [work().capability], { replicas: true }).instanceId as string,
    );
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
    expect(serviceAt(broker, [work().capability]).instanceId).toBeUndefined();
  });

  it.each([
    [{ instanceId: 'one' }, 'instanceId'],
    [{ replicas: true, instanceId: 'a b' }, 'instanceId'],
    [{ replicas: true, instanceId: 'x'.repeat(65) }, 'instanceId'],
    [{ replicas: 'yes' as never }, 'replicas'],
  ])('refuses %j', (options, path) => {
    expect(() => serviceAt(new MemoryBroker(), [work().capability], options)).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', issues: [expect.objectContaining({ path })] }),
    );
  });
});
