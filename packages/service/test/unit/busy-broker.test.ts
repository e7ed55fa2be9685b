// A broker that can't take a message for now: what a service has to say waits for it, each within its time.
import { addressOf, lifecycleChannel } from '@intersect-sdk/core';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  defineCapability,
  IntersectService,
  type IntersectServiceConfig,
  type Report,
  Type,
} from '../../src/index.js';
import { ADDRESS, Asker, HIERARCHY, readReply, request } from './support/asker.js';
import { BusyBroker } from './support/busy-transport.js';
import { eventsOf } from './support/programs.js';
import { work } from './support/work.js';

/** Longer than any wait between two tries. */
const NEXT_TRY_MS = 2_500;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function started(config: Partial<IntersectServiceConfig> = {}) {
  const broker = new MemoryBroker();
  const busy = new BusyBroker(broker);
  const reports: Report[] = [];
  const { capability, state } = work();
  const service = new IntersectService([capability], {
    hierarchy: HIERARCHY,
    brokers: [busy.transport()],
    onReport: (report) => reports.push(report),
    ...config,
  });
  const asker = await Asker.connect(broker);
  await service.startup();
  const end = async () => {
    await Promise.all([service.shutdown(), asker.transport.close()]);
  };
  return { broker, busy, reports, capability, state, service, asker, [Symbol.asyncDispose]: end };
}

describe('an answer', () => {
  it('is sent again, the same message, until the broker takes it; its request runs once', async () => {
    await using its = await started();
    its.busy.full.add('/response');
    await its.asker.transport.publish(request('Work.quick', { payload: 1 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(its.busy.refused.length).toBeGreaterThan(20);
    its.busy.full.clear();
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    const reply = readReply(await its.asker.replies.next());
    expect(reply.value).toBe(1);
    const ids = new Set(its.busy.refused.map(({ headers }) => headers.message_id));
    expect([...ids]).toEqual([reply.headers.messageId]);
    expect([its.state.runs, its.asker.replies.all.length, its.reports]).toEqual([1, 1, []]);
  });

  it.each([5_000, 45_000])('is given up after answerRetryMs (%i), with one report', async (answerRetryMs) => {
    await using its = await started({ answerRetryMs });
    its.busy.full.add('/response');
    await its.asker.transport.publish(request('Work.quick', { payload: 1 }));
    await vi.advanceTimersByTimeAsync(answerRetryMs - 1_000);
    expect(its.reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(its.reports).toMatchObject([
      { kind: 'answer-not-sent', code: 'BROKER_BUSY', message: expect.stringContaining('may have taken it') },
    ]);
    its.busy.full.clear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(its.asker.replies.all).toEqual([]);
    // The service is none the worse for it.
    expect((await its.asker.ask('Work.quick', { payload: 2 })).value).toBe(2);
  });

  it('is waited for five minutes unless the service says otherwise', async () => {
    await using its = await started();
    its.busy.full.add('/response');
    await its.asker.transport.publish(request('Work.quick', { payload: 1 }));
    await vi.advanceTimersByTimeAsync(295_000);
    expect(its.reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(its.reports).toMatchObject([{ kind: 'answer-not-sent' }]);
  });

  it('that is refused at shutdown comes again at the next start, as one that is not out', async () => {
    await using its = await started({ shutdownTimeoutMs: 1_000 });
    its.busy.full.add('/response');
    await its.asker.transport.publish(request('Work.quick', { payload: 1 }));
    await vi.advanceTimersByTimeAsync(500);
    const ended = its.service.shutdown();
    await vi.advanceTimersByTimeAsync(20_000);
    await ended;
    its.busy.full.clear();
    await its.service.startup();
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    expect(readReply(await its.asker.replies.next()).value).toBe(1);
    expect(its.state.runs).toBe(1);
  });
});

describe('an event', () => {
  it('is sent again, and emit() resolves when it is out', async () => {
    await using its = await started();
    const heard = await its.asker.listen(eventsOf('Work', 'progress'));
    its.busy.full.add('/progress');
    let out = false;
    const emitting = its.capability.emit('progress', 7).then(() => {
      out = true;
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(out).toBe(false);
    its.busy.full.clear();
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    await emitting;
    const { headers } = await heard.next();
    expect(new Set(its.busy.refused.map((refused) => refused.headers.message_id))).toEqual(
      new Set([headers.message_id]),
    );
    expect([heard.all.length, its.reports]).toEqual([1, []]);
  });

  it('that nobody could take is reported once, with what the broker said', async () => {
    await using its = await started();
    its.busy.full.add('/progress');
    const emitting = its.capability.emit('progress', 7);
    const outcome = emitting.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await outcome).toMatchObject({ code: 'BROKER_BUSY', mayHaveRun: true });
    expect(its.reports).toMatchObject([{ kind: 'event-not-sent', code: 'BROKER_BUSY' }]);
  });
});

it('the status of a service is sent again too', async () => {
  const broker = new MemoryBroker();
  const busy = new BusyBroker(broker);
  const asker = await Asker.connect(broker);
  const lifecycle = await asker.listen(lifecycleChannel(ADDRESS));
  const reports: Report[] = [];
  const service = new IntersectService([work().capability], {
    hierarchy: HIERARCHY,
    brokers: [busy.transport()],
    onReport: (report) => reports.push(report),
  });
  busy.full.add('/lifecycle');
  const starting = service.startup();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lifecycle.all).toEqual([]);
  busy.full.clear();
  await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
  await starting;
  expect(lifecycle.all.map(({ headers }) => headers.lifecycle_type)).toEqual(['LCT_STARTUP']);
  expect(reports).toEqual([]);
  await Promise.all([service.shutdown(), asker.transport.close()]);
});

it('a handler that asks another service gets its answer when that queue has room again', async () => {
  const Front = defineCapability({ name: 'Front', operations: { ask: { response: Type.Integer() } } });
  const front = Front.implement({
    ask: async (_nothing, { call }) => {
      const { payload } = await call({ destination: ADDRESS, operation: 'Work.quick', payload: 5 });
      return payload as number;
    },
  });
  await using its = await started();
  const busy = new BusyBroker(its.broker);
  const address = { ...HIERARCHY, service: 'front' };
  const nested = new IntersectService([front], { hierarchy: address, brokers: [busy.transport()] });
  await nested.startup();
  busy.full.add('/test-svc/request');
  const headers = { destination: addressOf(address) };
  const asking = request('Front.ask', { headers });
  await its.asker.transport.publish({ ...asking, channel: asking.channel.replace('test-svc', 'front') });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(busy.refused.length).toBeGreaterThan(3);
  busy.full.clear();
  await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
  expect(readReply(await its.asker.replies.next()).value).toBe(5);
  expect(its.state.runs).toBe(1);
  await nested.shutdown();
});
