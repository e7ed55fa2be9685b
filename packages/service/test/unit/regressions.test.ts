// Each test is named after something that breaks, or broke, in a service of this ecosystem.
import { encodeEventHeaders, newId, nowIso, PROTOCOL_VERSION, type WireMessage } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultIntersectLifecycleLoop, IntersectService } from '../../src/index.js';
import { ADDRESS, Asker, HIERARCHY, readReply, request } from './support/asker.js';
import { eventsOf, LIFECYCLE, serviceAt, startPrograms } from './support/programs.js';
import { stateOf, work } from './support/work.js';

const REQUESTS = `${ADDRESS.replaceAll('.', '/')}/request`;
const RESPONSES = `${ADDRESS.replaceAll('.', '/')}/response`;

afterEach(() => {
  vi.useRealTimers();
});

describe('many requests at once', () => {
  it('that answer and emit events at the same time do not disturb each other', async () => {
    const { capability } = work();
    await using programs = await startPrograms([capability]);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const sent = Array.from({ length: 500 }, (_, n) => request('Work.quick', { payload: n }));
    await Promise.all(sent.map((message) => programs.asker.transport.publish(message)));
    const answers = new Map<string, unknown>();
    for (const _message of sent) {
      const { headers, value } = readReply(await programs.asker.replies.next());
      answers.set(headers.requestId, value);
    }
    expect(sent.map(({ headers }) => answers.get(headers.request_id ?? ''))).toEqual(sent.map((_, n) => n));
    for (const _message of sent) await events.next();
    expect(programs.reports).toEqual([]);
  });

  it('run at the same time and not one after the other', async () => {
    const { capability, state } = work();
    await using programs = await startPrograms([capability]);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const all = Promise.all([1, 2, 3].map(() => programs.asker.ask('Work.wait')));
    for (const _run of [1, 2, 3]) await events.next();
    expect(programs.service.health().requests.running).toBe(3);
    state.release.open();
    expect((await all).map(({ value }) => value)).toEqual(['done', 'done', 'done']);
  });
});

describe('events sent from inside a handler', () => {
  it('leave at once and not at its end', async () => {
    const { capability, state } = work();
    await using programs = await startPrograms([capability]);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const asked = programs.asker.ask('Work.wait');
    await events.next();
    expect(programs.asker.replies.all).toEqual([]);
    state.release.open();
    await asked;
  });
});

describe('shutdown during a request', () => {
  it('waits for the handler, and its answer gets through', async () => {
    const { capability, state } = work();
    await using programs = await startPrograms([capability]);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const asked = programs.asker.ask('Work.wait');
    await events.next();
    const stopped = programs.service.shutdown();
    expect(programs.service.health().state).toBe('stopping');
    state.release.open();
    expect((await asked).value).toBe('done');
    await stopped;
    await programs.service.startup();
    expect((await programs.asker.ask('Work.quick', { payload: 1 })).value).toBe(1);
    expect(state.runs).toBe(2);
  });

  it('takes nothing more, and what comes meanwhile is answered at the next start', async () => {
    const { capability, state } = work();
    await using programs = await startPrograms([capability]);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const first = programs.asker.ask('Work.wait');
    await events.next();
    const stopped = programs.service.shutdown();
    await new Promise(setImmediate);
    await programs.asker.transport.publish(request('Work.quick', { payload: 7 }));
    state.release.open();
    expect((await first).value).toBe('done');
    await stopped;
    expect(state.runs).toBe(1);
    await programs.service.startup();
    expect(readReply(await programs.asker.replies.next()).value).toBe(7);
  });

  it('gives up after its deadline, and the request that was not answered comes back', async () => {
    const { capability, state } = work();
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const events = await asker.listen(eventsOf('Work', 'progress'));
    const stuck = serviceAt(broker, [capability], { shutdownTimeoutMs: 30 });
    await stuck.startup();
    await asker.transport.publish(request('Work.wait'));
    await events.next();
    await stuck.shutdown();
    expect(stuck.isConnected()).toBe(false);
    const fresh = work();
    fresh.state.release.open();
    await using service = serviceAt(broker, [fresh.capability]);
    await service.startup();
    expect(readReply(await asker.replies.next()).value).toBe('done');
    expect([state.runs, fresh.state.runs]).toEqual([1, 1]);
    state.release.open();
  });

  it('acknowledges no unanswered request, also where its handler ends while the service disconnects', async () => {
    const { capability, state } = work();
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const events = await asker.listen(eventsOf('Work', 'progress'));
    const transport = memoryTransport(broker);
    const stuck = serviceAt(broker, [capability], { brokers: [transport], shutdownTimeoutMs: 30 });
    await stuck.startup();
    await asker.transport.publish(request('Work.wait'));
    await events.next();
    transport.onEvent(() => state.release.open());
    await stuck.shutdown();
    const fresh = work();
    fresh.state.release.open();
    await using service = serviceAt(broker, [fresh.capability]);
    await service.startup();
    await asker.transport.publish(request('Work.quick', { payload: 7 }));
    const replies = [await asker.replies.next(), await asker.replies.next()];
    expect(replies.map((reply) => readReply(reply).value)).toEqual(['done', 7]);
    expect([state.runs, fresh.state.runs]).toEqual([1, 2]);
  });

  it('leaves no timer behind, so the process can end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
    const broker = new MemoryBroker();
    const service = serviceAt(broker, [work().capability]);
    await service.startup();
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await service.shutdown();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a startup that fails', () => {
  it('leaves nothing running, and says why', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
    const service = new IntersectService([work().capability], {
      hierarchy: HIERARCHY,
      brokers: [memoryTransport(new MemoryBroker({ password: 'right' }), { password: 'wrong' })],
    });
    await expect(service.startup()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect(vi.getTimerCount()).toBe(0);
    expect([service.isConnected(), service.health().state]).toEqual([false, 'stopped']);
  });

  it('rejects the default loop instead of ending the process as if all was well', async () => {
    const broker = new MemoryBroker();
    broker.refuse(true);
    const service = serviceAt(broker, [work().capability]);
    await expect(defaultIntersectLifecycleLoop(service)).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
  });

  it('in the callback after it shuts the service down', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const lifecycle = await asker.listen(LIFECYCLE);
    const service = serviceAt(broker, [work().capability]);
    const failing = defaultIntersectLifecycleLoop(service, {
      postStartupCallback: () => {
        throw new Error('mine');
      },
    });
    await expect(failing).rejects.toThrow('mine');
    expect(lifecycle.all.map(({ headers }) => headers.lifecycle_type)).toEqual([
      'LCT_STARTUP',
      'LCT_SHUTDOWN',
    ]);
    expect(service.isConnected()).toBe(false);
  });
});

describe('a start that failed for good', () => {
  it('leaves the service unrecoverable until the next start', async () => {
    const broker = new MemoryBroker({ password: 'right' });
    const brokers = [memoryTransport(broker, { password: 'wrong' })];
    await using service = new IntersectService([work().capability], { hierarchy: HIERARCHY, brokers });
    await expect(service.startup()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect([service.isConnected(), service.consideredUnrecoverable()]).toEqual([false, true]);
  });
});

describe('a broker that goes away and comes back', () => {
  it('is noticed, and served again without doing anything', async () => {
    const broker = new MemoryBroker();
    const transport = memoryTransport(broker, { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 2 });
    await using programs = await startPrograms([work().capability], { brokers: [transport] }, broker);
    broker.refuse(true);
    const lost = stateOf(transport, 'reconnecting');
    broker.sever(transport.name);
    await lost;
    expect([programs.service.isConnected(), programs.service.consideredUnrecoverable()]).toEqual([
      false,
      false,
    ]);
    broker.refuse(false);
    await stateOf(transport, 'open');
    expect(programs.service.isConnected()).toBe(true);
    expect((await programs.asker.ask('Work.quick', { payload: 1 })).value).toBe(1);
  });

  it('during a handler does not make it run twice, and its answer gets through once', async () => {
    const { capability, state } = work();
    const broker = new MemoryBroker();
    const transport = memoryTransport(broker, { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 2 });
    await using programs = await startPrograms([capability], { brokers: [transport] }, broker);
    const events = await programs.asker.listen(eventsOf('Work', 'progress'));
    const asked = programs.asker.ask('Work.wait');
    await events.next();
    broker.sever(transport.name);
    await stateOf(transport, 'reconnecting');
    await stateOf(transport, 'open');
    await programs.asker.transport.publish(request('Work.quick', { payload: 1 }));
    await events.next();
    state.release.open();
    const other = readReply(await programs.asker.replies.next());
    expect([(await asked).value, other.value].sort()).toEqual([1, 'done']);
    expect(state.runs).toBe(2);
    expect(programs.reports.map(({ kind }) => kind)).toContain('request-repeated');
    await programs.service.shutdown();
    expect(programs.asker.replies.all).toHaveLength(2);
  });
});

describe('requests sent while the service is down', () => {
  it('are served when it returns, also by another process', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const first = serviceAt(broker, [work().capability]);
    await first.startup();
    await first.shutdown();
    for (const n of [1, 2, 3]) await asker.transport.publish(request('Work.quick', { payload: n }));
    await using second = serviceAt(broker, [work().capability]);
    await second.startup();
    const values = [];
    for (const _n of [1, 2, 3]) values.push(readReply(await asker.replies.next()).value);
    expect(values.sort()).toEqual([1, 2, 3]);
  });
});

describe('an answer that is too large for the broker', () => {
  it('is an error that says so, and the connection is unharmed', async () => {
    const broker = new MemoryBroker({ maxPayloadBytes: 20_000 });
    await using programs = await startPrograms([work().capability], {}, broker);
    const reply = await programs.asker.ask('Work.large', { payload: 20_001 });
    expect(reply).toMatchObject({
      hasError: true,
      contentType: 'text/plain',
      value: expect.stringContaining('larger than the message broker accepts'),
    });
    expect((await programs.asker.ask('Work.large', { payload: 20_000 })).hasError).toBe(false);
    expect(programs.reports).toMatchObject([{ kind: 'request-refused', reason: 'answer-too-large' }]);
  });
});

describe('garbage from anyone who can publish', () => {
  it('is reported and ends nothing', async () => {
    await using programs = await startPrograms([work().capability]);
    const { asker, service } = programs;
    const other = 'test-org.test-fac.test-sys.-.other';
    await service.registerEvent({ hierarchy: other, capabilityName: 'Cap', eventName: 'ev' }, () => {});
    const bare = (channel: string, over: Partial<WireMessage> = {}): WireMessage => ({
      channel,
      payload: Uint8Array.of(0xff),
      contentType: 'application/json',
      headers: {},
      ...over,
    });
    const eventChannel = `${other.replaceAll('.', '/')}/events/Cap/ev`;
    const headers = encodeEventHeaders({
      messageId: newId(),
      source: other,
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      dataHandler: 'MESSAGE',
      capabilityName: 'Cap',
      eventName: 'ev',
    });
    const garbage = [
      bare(REQUESTS),
      bare(REQUESTS, { contentType: '' }),
      bare(RESPONSES),
      { ...request('Work.quick'), channel: RESPONSES },
      bare(eventChannel),
      bare(eventChannel, { headers }),
      bare(eventChannel, { headers: { ...headers, sdk_version: '9.0.0' } }),
    ];
    for (const message of garbage) await asker.transport.publish(message);
    expect((await asker.ask('Work.quick', { payload: 1 })).value).toBe(1);
    expect(service.isConnected()).toBe(true);
    await service.shutdown();
    expect(programs.reports.map(({ kind }) => kind).sort()).toEqual([
      'message-refused',
      'message-refused',
      'message-refused',
      'message-refused',
      'request-dropped',
      'request-dropped',
      'response-refused',
    ]);
  });
});
