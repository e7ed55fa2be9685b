// Every service answers one question. An asker who wants it is told the schema document and all statuses with it, at any time.
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { Asker } from './support/asker.js';
import { Latch, LIFECYCLE, serviceAt, startPrograms } from './support/programs.js';

const CORE = 'intersect_sdk.system_capability';
const asking = { raw: { 'x-intersect-ask': 'schema' } };

const Stage = defineCapability({
  name: 'Stage',
  operations: { move: {} },
  status: { schema: Type.Object({ moves: Type.Integer() }) },
});

describe('the question that every service answers', () => {
  it('brings the schema document and all statuses to who asks for them, and to nobody else', async () => {
    const stage = Stage.implement({ move: () => {}, status: () => ({ moves: 3 }) });
    await using programs = await startPrograms([stage]);
    const { asker, service } = programs;
    const { value: told } = await asker.ask(CORE, asking);
    const uptime = expect.any(String);
    const status = { intersect_sdk: expect.objectContaining({ uptime }), Stage: { moves: 3 } };
    expect(told).toEqual({ schema: service.schema, status });
    const { value: other } = await asker.ask(CORE);
    expect(other).toMatchObject({ uptime });
    expect(other).not.toHaveProperty('schema');
    expect((await asker.ask(CORE, { raw: { 'x-intersect-ask': 'something new' } })).value).toEqual(
      expect.not.objectContaining({ schema: service.schema }),
    );
    const { value: ofOther } = await asker.ask('Stage.status', asking);
    expect(ofOther).toEqual({ moves: 3 });
  });

  it('is answered while every place of a handler is taken', async () => {
    const end = new Latch();
    const begun = new Latch();
    const stage = Stage.implement({
      move: () => {
        begun.open();
        return end.done;
      },
      status: () => ({ moves: 0 }),
    });
    await using programs = await startPrograms([stage], { concurrency: 1 });
    const { asker, service } = programs;
    // Who asks gets the answers in the order in which they come: that of the move is the last one.
    const first = asker.ask('Stage.move');
    await begun.done;
    expect(service.health().requests.running).toBe(1);
    const second = asker.ask(CORE, asking);
    expect((await first).value).toMatchObject({ schema: service.schema });
    const third = asker.ask(CORE);
    expect((await second).value).toMatchObject({ uptime: expect.any(String) });
    end.open();
    expect((await third).headers.operationId).toBe('Stage.move');
  });
});

it('says with its first message how often it tells its status, and says it with no goodbye', async () => {
  const broker = new MemoryBroker();
  await using asker = await Asker.connect(broker);
  const told = await asker.listen(LIFECYCLE);
  const stage = Stage.implement({ move: () => {}, status: () => ({ moves: 0 }) });
  const service = serviceAt(broker, [stage], { statusInterval: 45 });
  await service.startup();
  expect((await told.next()).headers['x-intersect-interval-ms']).toBe('45000');
  await service.shutdown();
  expect((await told.next()).headers).not.toHaveProperty('x-intersect-interval-ms');
});
