// What is given away is what it was then, whatever its giver or another receiver makes of it afterwards.
import { eventChannel } from '@intersect-sdk/core';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { Binary, defineCapability, type EventMessage, type Observation, Type } from '../../src/index.js';
import { ADDRESS, Asker, request } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { Latch, LIFECYCLE, serviceAt, startPrograms } from './support/programs.js';

const BYTES = 'application/octet-stream';
const Kept = defineCapability({
  name: 'Kept',
  concurrency: 8,
  operations: {
    frame: { response: Binary(BYTES) },
    change: { request: Binary(BYTES), response: Binary(BYTES) },
    together: { response: Type.Object({ n: Type.Integer() }) },
  },
  events: { framed: { schema: Binary(BYTES) } },
  status: { schema: Type.Object({ n: Type.Integer() }) },
});

function kept() {
  const frame = new Uint8Array(2);
  const state = { n: 0 };
  const begun = new Latch();
  const capability = Kept.implement({
    frame: () => frame.fill((frame[0] ?? 0) + 1),
    change: (bytes) => bytes.fill(9),
    together: async (_nothing, { call }) => {
      if (state.n > 0) state.n = 0;
      await call({ destination: 'a.b', operation: 'C.d' });
      state.n += 1;
      return state;
    },
    status: () => {
      state.n += 1;
      // Whoever runs next changes it again.
      queueMicrotask(() => {
        state.n += 100;
      });
      return state;
    },
  });
  return { capability, frame, state, begun };
}

describe('an answer', () => {
  it('that is remembered is what it was, when the buffer is used again', async () => {
    const { capability, frame } = kept();
    const { processor } = processorOf(capability);
    const message = request('Kept.frame', { contentType: 'application/json' });
    const first = await processor.process(message);
    frame.fill(99);
    const second = await processor.process(message);
    for (const outcome of [first, second]) {
      expect(outcome).toMatchObject({ kind: 'reply', message: { payload: Uint8Array.of(1, 1) } });
    }
  });

  it('of handlers that wait for calls which end together is what each gave', async () => {
    const answered = new Latch();
    const call = () => answered.done.then(() => ({ payload: null }) as never);
    const { ask, processor } = processorOf(kept().capability, { call });
    const asked = [1, 2, 3].map(() => ask('Kept.together'));
    while (processor.running > 0 || processor.inFlight < 3)
      await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    answered.open();
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe('a status', () => {
  it('is what its function gave, with the lifecycle messages and where it is asked for', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const lifecycle = await asker.listen(LIFECYCLE);
    await using service = serviceAt(broker, [kept().capability]);
    await service.startup();
    const startup = JSON.parse(new TextDecoder().decode((await lifecycle.next()).payload));
    expect(startup.status.Kept).toEqual({ n: 1 });
    expect((await asker.ask('Kept.status')).value).toEqual({ n: 102 });
  });
});

describe('what comes in', () => {
  it('is not changed for the next who gets it by a handler that changes its argument', async () => {
    const broker = new MemoryBroker();
    await using programs = await startPrograms([kept().capability], {}, broker);
    const watched = await programs.asker.listen(`${ADDRESS.replaceAll('.', '/')}/request`);
    const answer = await programs.asker.ask('Kept.change', {
      payload: Uint8Array.of(1, 2),
      contentType: BYTES,
    });
    expect(answer.value).toEqual(Uint8Array.of(9, 9));
    expect((await watched.next()).payload).toEqual(Uint8Array.of(1, 2));
  });

  it('is not changed for an observer that keeps it', async () => {
    const seen: Observation[] = [];
    const observers = [
      { payloads: true, onMessage: (observation: Observation) => void seen.push(observation) },
    ];
    await using programs = await startPrograms([kept().capability], { observers });
    await programs.asker.ask('Kept.change', { payload: Uint8Array.of(1, 2), contentType: BYTES });
    const received = seen.find(({ kind }) => kind === 'received');
    expect(received?.payload).toEqual(Uint8Array.of(1, 2));
  });

  it('is not changed by an observer either, nor is what goes out', async () => {
    const observers = [
      { payloads: true, onMessage: ({ payload }: Observation) => void payload?.fill(7) },
      { onMessage: ({ headers }: Observation) => void Object.assign(headers, { source: 'nobody' }) },
    ];
    await using programs = await startPrograms([kept().capability], { observers });
    const answer = await programs.asker.ask('Kept.change', { payload: Uint8Array.of(1), contentType: BYTES });
    expect(answer).toMatchObject({ value: Uint8Array.of(9), headers: { source: ADDRESS } });
    const message = request('Kept.change', { payload: Uint8Array.of(1), contentType: BYTES });
    for (let times = 0; times < 2; times++) {
      await programs.asker.transport.publish(message);
      expect((await programs.asker.replies.next()).payload).toEqual(Uint8Array.of(9));
    }
  });

  it('is each handler of one event its own', async () => {
    await using programs = await startPrograms([kept().capability]);
    const seen: number[] = [];
    const both = new Latch();
    const listen = ({ payload }: EventMessage): void => {
      seen.push((payload as { n: number }).n);
      (payload as { n: number }).n = 99;
      if (seen.length === 2) both.open();
    };
    const params = { hierarchy: 'org.fac.sys.-.other', capabilityName: 'Other', eventName: 'said' };
    for (let times = 0; times < 2; times++) await programs.service.registerEvent(params, listen);
    const { hierarchy, capabilityName, eventName } = params;
    const { headers } = request('none', { headers: { source: hierarchy } });
    await programs.asker.transport.publish({
      channel: eventChannel(hierarchy, capabilityName, eventName),
      contentType: 'application/json',
      payload: new TextEncoder().encode('{"n":1}'),
      headers: { ...headers, capability_name: capabilityName, event_name: eventName },
    });
    await both.done;
    expect(seen).toEqual([1, 1]);
  });
});

describe('a message to send at each startup', () => {
  it('is what it was when it was added', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const heard = await asker.listen('org/fac/sys/-/other/request');
    const service = serviceAt(broker, [kept().capability]);
    const payload = { n: 1 };
    const message = { request: { destination: 'org.fac.sys.-.other', operation: 'A.b', payload } };
    service.addStartupMessages([message]);
    service.addShutdownMessages([message]);
    for (let times = 0; times < 2; times++) {
      payload.n += 10;
      await service.startup();
      await service.shutdown();
    }
    const sent = heard.all.map(({ payload: bytes }) => new TextDecoder().decode(bytes));
    expect(sent).toEqual(Array(4).fill('{"n":1}'));
    expect(new Set(heard.all.map(({ headers }) => headers.request_id)).size).toBe(4);
  });
});
