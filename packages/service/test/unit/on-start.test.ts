// A request that is acknowledged when its handler begins: it leaves the window at the broker, and does not come back.
import { newId, parseUserspaceHeaders } from '@intersect-sdk/core';
import { ACCEPT_HEADER, REFUSAL_HEADER } from '@intersect-sdk/core/internal';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { defineCapability, type IntersectServiceConfig, Type } from '../../src/index.js';
import { Arrival } from '../../src/serve/request/arrival.js';
import { readReply, request } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { Latch, serviceAt, startPrograms } from './support/programs.js';

type Acknowledge = 'after-answer' | 'on-start';

function lab(acknowledge: Acknowledge, concurrency = 1) {
  const state = { runs: 0, begun: new Latch(), release: new Latch() };
  const Lab = defineCapability({
    name: 'Lab',
    concurrency,
    operations: {
      scan: { response: Type.Integer(), acknowledge },
      quick: { response: Type.String(), concurrency: 100 },
    },
  });
  const capability = Lab.implement({
    scan: async () => {
      state.runs += 1;
      state.begun.open();
      await state.release.done;
      return state.runs;
    },
    quick: () => 'quick',
  });
  return { capability, state };
}

const understandsBusy = { raw: { [ACCEPT_HEADER]: 'busy' } };

test('leaves the window at the broker to others when its handler begins, and is answered later', async () => {
  const { capability, state } = lab('on-start');
  await using programs = await startPrograms([capability], { maxInFlight: 1 });
  const { asker } = programs;
  await asker.transport.publish(request('Lab.scan'));
  await state.begun.done;
  expect((await asker.ask('Lab.quick')).value).toBe('quick');
  state.release.open();
  expect(readReply(await asker.replies.next()).value).toBe(1);
});

test.each<[Acknowledge, number]>([
  ['after-answer', 2],
  ['on-start', 1],
])('%s: whose process is lost in the middle of it, it runs %i times', async (acknowledge, runs) => {
  const broker = new MemoryBroker();
  const { capability, state } = lab(acknowledge, 100);
  // Long enough that it does not come back.
  const never = { reconnectMinDelayMs: 2e9, reconnectMaxDelayMs: 2e9 };
  const lost = memoryTransport(broker, { name: 'lost', ...never });
  await using programs = await startPrograms([capability], { brokers: [lost], shutdownTimeoutMs: 1 }, broker);
  await programs.asker.transport.publish(request('Lab.scan'));
  await state.begun.done;
  await using second = serviceAt(broker, [capability]);
  await second.startup();
  broker.sever('lost');
  // What came back to the broker stands before it.
  expect((await programs.asker.ask('Lab.quick')).value).toBe('quick');
  expect(state.runs).toBe(runs);
  state.release.open();
});

describe('of more than may run at once', () => {
  const config: Partial<IntersectServiceConfig> = { maxWaiting: 1 };

  test('so many wait; one more is told that there is no place, and can come again', async () => {
    const { capability, state } = lab('on-start');
    await using programs = await startPrograms([capability], config);
    const { asker, reports } = programs;
    const waits = newId();
    await asker.transport.publish(request('Lab.scan', understandsBusy));
    await state.begun.done;
    await asker.transport.publish(request('Lab.scan', { ...understandsBusy, headers: { requestId: waits } }));
    await asker.transport.publish(request('Lab.scan', understandsBusy));
    const refusal = await asker.replies.next();
    expect(refusal.headers[REFUSAL_HEADER]).toBe('busy');
    expect(readReply(refusal)).toMatchObject({
      hasError: true,
      value: 'Operation Lab.scan has no place for the request now, and did not take it; ask again later.',
    });
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'busy', operation: 'Lab.scan' }]);
    state.release.open();
    const answers = [await asker.replies.next(), await asker.replies.next()];
    expect(answers.map((answer) => readReply(answer).value)).toEqual([1, 2]);
    expect(answers.map(({ headers }) => parseUserspaceHeaders(headers).requestId)).toContain(waits);
    // There is a place again.
    expect(await asker.ask('Lab.scan', understandsBusy)).toMatchObject({ hasError: false, value: 3 });
  });

  test('one that would not understand it waits', async () => {
    const { capability, state } = lab('on-start');
    await using programs = await startPrograms([capability], config);
    const { asker } = programs;
    for (let number = 0; number < 4; number++) await asker.transport.publish(request('Lab.scan'));
    await state.begun.done;
    expect((await asker.ask('Lab.quick')).value).toBe('quick');
    state.release.open();
    const values: unknown[] = [];
    for (let number = 0; number < 4; number++) values.push(readReply(await asker.replies.next()).value);
    expect(values).toEqual([1, 2, 3, 4]);
  });

  test('acknowledged after the answer, all wait', async () => {
    const { capability, state } = lab('after-answer');
    await using programs = await startPrograms([capability], config);
    const { asker } = programs;
    for (let number = 0; number < 4; number++)
      await asker.transport.publish(request('Lab.scan', understandsBusy));
    await state.begun.done;
    expect((await asker.ask('Lab.quick')).value).toBe('quick');
    state.release.open();
    for (let number = 0; number < 4; number++)
      expect(readReply(await asker.replies.next()).hasError).toBe(false);
  });
});

test('a service that ends waits for it, and tells its asker where it can wait no longer', async () => {
  const { capability, state } = lab('on-start');
  await using programs = await startPrograms([capability], { shutdownTimeoutMs: 1 });
  await programs.asker.transport.publish(request('Lab.scan'));
  await state.begun.done;
  await programs.service.shutdown();
  expect(readReply(await programs.asker.replies.next())).toMatchObject({
    hasError: true,
    value: expect.stringContaining('the service is stopping'),
  });
});

test('a service that can wait no longer begins none of those that wait for their place', async () => {
  const { capability, state } = lab('on-start');
  await using programs = await startPrograms([capability], { shutdownTimeoutMs: 1 });
  const { asker, service } = programs;
  for (let number = 0; number < 3; number++) await asker.transport.publish(request('Lab.scan'));
  await state.begun.done;
  await expect.poll(() => service.health().requests.inFlight).toBe(3);
  await service.shutdown();
  expect(state.runs).toBe(1);
  for (let number = 0; number < 3; number++) {
    const reply = readReply(await asker.replies.next());
    expect(reply).toMatchObject({
      hasError: true,
      value: expect.stringContaining('the service is stopping'),
    });
  }
});

test('one that comes a second time while it runs is acknowledged at once, and answered with the first', async () => {
  const { capability, state } = lab('on-start');
  const { processor } = processorOf(capability);
  const message = request('Lab.scan');
  const arrivals = [new Arrival(), new Arrival()];
  const outcomes = arrivals.map((arrival) => processor.process(message, arrival));
  await Promise.all(arrivals.map(({ start }) => start?.begun));
  expect(arrivals[1]?.start).toBe(arrivals[0]?.start);
  expect(arrivals[0]?.start).toBeDefined();
  state.release.open();
  const [first, second] = await Promise.all(outcomes);
  expect(second).toEqual({ ...first, repeated: true });
  expect(state.runs).toBe(1);
  const third = new Arrival();
  await processor.process(message, third);
  expect(third.start).toBeUndefined();
});

test('its arguments are checked before it is acknowledged', async () => {
  const Strict = defineCapability({
    name: 'Strict',
    operations: { go: { request: Type.Integer(), acknowledge: 'on-start' } },
  });
  const { processor } = processorOf(Strict.implement({ go: () => {} }));
  const arrival = new Arrival();
  let begun = false;
  const outcome = processor.process(request('Strict.go', { payload: 'x' }), arrival);
  void arrival.start?.begun.then(() => {
    begun = true;
  });
  expect(await outcome).toMatchObject({ kind: 'reply', refusal: 'arguments-invalid' });
  expect(begun).toBe(false);
});
