import { stop } from '@intersect-sdk/client';
import { ValidationError } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import {
  type Conversation,
  conversingClient,
  event,
  message,
  sends,
  withAnswer,
  withEvent,
} from './conversing.js';
import { echo, FakeService } from './fake-service.js';
import { Collected, deferred, summary, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const newClient = (conversation: Conversation) => conversingClient({ broker, reports }, conversation);

describe('what a callback returns', () => {
  test('nothing: the conversation goes on', async () => {
    await using service = await FakeService.start(broker);
    const events = new Collected<unknown>();
    const results = [undefined, null, {}];
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: withEvent((payload) => {
        events.add(payload);
        return results[events.all.length - 1];
      }),
    });
    await client.startup();
    for (const json of [1, 2, 3]) await service.emit('tick', { json });
    expect(await events.reach(3)).toEqual([1, 2, 3]);
  });

  test('messages: they are sent, and so on: a counting client ends with stop', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = newClient({
      initial: { messagesToSend: [message('echo', 1)] },
      onResponse: withAnswer(async (payload) =>
        payload === 5 ? stop : { messagesToSend: [message('echo', Number(payload) + 1)] },
      ),
    });
    await client.startup();
    await client.untilFinished();
    expect(service.received.map(({ payload }) => Buffer.from(payload).toString())).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  test('events to start and stop listening to: ping pong', async () => {
    await using service = await FakeService.start(broker, {
      'Fake.emit': async ({ payload }) => {
        // Both are emitted, so that hearing one means that only it was listened to.
        await Promise.all(['ping', 'pong'].map((name) => service.emit(name)));
        return { bytes: payload };
      },
    });
    const heard: string[] = [];
    await using client = newClient({
      initial: {
        servicesToStartListeningForEvents: [event('ping')],
        messagesToSend: [message('emit', 'ping')],
      },
      onEvent: withEvent((_payload, name) => {
        heard.push(name);
        if (heard.length === 4) return stop;
        const next = name === 'ping' ? 'pong' : 'ping';
        return {
          servicesToStartListeningForEvents: [event(next)],
          servicesToStopListeningForEvents: [event(name)],
          messagesToSend: [message('emit', next)],
        };
      }),
      onResponse: () => {},
    });
    await client.startup();
    await client.untilFinished();
    expect(heard).toEqual(['ping', 'pong', 'ping', 'pong']);
  });

  test('changing over while events of both kinds keep coming in: the last word holds', async () => {
    await using service = await FakeService.start(broker);
    const heard: string[] = [];
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('ping')] },
      onEvent: withEvent((_payload, name) => {
        heard.push(name);
        if (heard.length === 6) return stop;
        return {
          servicesToStartListeningForEvents: [event(name === 'ping' ? 'pong' : 'ping')],
          servicesToStopListeningForEvents: [event(name)],
        };
      }),
    });
    await client.startup();
    const finished = vi.fn();
    void client.untilFinished().then(finished);
    for (let round = 0; round < 1000 && finished.mock.calls.length === 0; round++) {
      await service.emit('ping');
      await service.emit('pong');
    }
    expect(finished).toHaveBeenCalledOnce();
  });

  test('what is started twice is heard once, and stopping what was never started is nothing', async () => {
    await using service = await FakeService.start(broker);
    const heard = new Collected<unknown>();
    await using client = newClient({
      initial: {
        servicesToStartListeningForEvents: [event('tick'), event('tick')],
        servicesToStopListeningForEvents: [event('tock')],
      },
      onEvent: withEvent((payload) => {
        heard.add(payload);
        return { servicesToStartListeningForEvents: [event('tick')] };
      }),
    });
    await client.startup();
    for (const json of [1, 2, 3]) await service.emit('tick', { json });
    expect(await heard.reach(3)).toEqual([1, 2, 3]);
  });

  test('stop listening to itself: what is still waiting is not delivered', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    const heard = new Collected<unknown>();
    const done = deferred();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: withEvent(async (payload) => {
        heard.add(payload);
        return { servicesToStopListeningForEvents: [event('tick')], messagesToSend: [message('echo')] };
      }),
      onResponse: () => done.resolve(),
    });
    await client.startup();
    await Promise.all([1, 2, 3].map((json) => service.emit('tick', { json })));
    await done.promise;
    expect(heard.all).toEqual([1]);
  });

  test('stop: no callback is called any more, and the client can be shut down and started again', async () => {
    await using service = await FakeService.start(broker);
    const heard = new Collected<unknown>();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: withEvent((payload) => {
        heard.add(payload);
        return stop;
      }),
    });
    await client.startup();
    await Promise.all([1, 2].map((json) => service.emit('tick', { json })));
    await client.untilFinished();
    await client.shutdown();
    expect(heard.all).toEqual([1]);
    await client.startup();
    await service.emit('tick', { json: 3 });
    await client.untilFinished();
    expect(heard.all).toEqual([1, 3]);
  });

  test.each([
    ['a number', 7, ['']],
    ['another word than stop', 'halt', ['']],
    ['a list', [], ['']],
    ['false', false, ['']],
    ['the names of the Python SDK', { messages_to_send: [] }, ['messages_to_send']],
    [
      'a message without destination',
      { messagesToSend: [{ operation: 'Fake.echo' }] },
      ['messagesToSend[0].destination'],
    ],
    [
      "a payload that JSON can't carry",
      { messagesToSend: [message('echo', Number.NaN)] },
      ['messagesToSend[0].payload'],
    ],
    [
      'events without an event callback',
      { servicesToStartListeningForEvents: [event('tick')] },
      ['servicesToStartListeningForEvents'],
    ],
  ])('%s: the conversation ends with a ValidationError, nothing is sent', async (_, result, paths) => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = newClient({ initial: sends('echo'), onResponse: () => result as never });
    await client.startup();
    const error = await thrownBy(() => client.untilFinished());
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).issues.map(({ path }) => path)).toEqual(paths);
    expect(summary(reports.all)).toEqual(['handler-failed SCHEMA_MISMATCH']);
    expect(service.received).toHaveLength(1);
  });

  test('messages without a user callback: sent for the events they cause, their errors are reported', async () => {
    await using service = await FakeService.start(broker, {
      'Fake.emit': async () => {
        await service.emit('tick');
        return { json: 'nobody takes this' };
      },
      'Fake.fail': () => ({ error: 'no beam' }),
    });
    const heard = new Collected<unknown>();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')], ...sends('emit') },
      onEvent: () => {
        heard.add(1);
        return heard.all.length === 1 ? sends('emit', 'fail') : undefined;
      },
    });
    await client.startup();
    await heard.reach(2);
    expect(summary(await reports.reach(1))).toEqual(['request-failed REMOTE_ERROR']);
  });
});

describe('a callback that throws', () => {
  test.each([
    [
      'at once',
      () => {
        throw new Error('lost the sample');
      },
    ],
    ['later', () => Promise.reject(new Error('lost the sample'))],
  ])('%s: the conversation ends with its error, which is reported', async (_, onResponse) => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = newClient({ initial: sends('echo'), onResponse });
    await client.startup();
    expect(await thrownBy(() => client.untilFinished())).toMatchObject({ message: 'lost the sample' });
    expect(summary(reports.all)).toEqual(['handler-failed lost the sample']);
    expect(client.isConnected(), 'until it is shut down').toBe(true);
  });

  test('for an event too, and the next event is not delivered', async () => {
    await using service = await FakeService.start(broker);
    const heard: unknown[] = [];
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: withEvent((payload) => {
        heard.push(payload);
        throw new Error('lost the sample');
      }),
    });
    await client.startup();
    await Promise.all([1, 2].map((json) => service.emit('tick', { json })));
    expect(await thrownBy(() => client.untilFinished())).toMatchObject({ message: 'lost the sample' });
    expect(heard).toEqual([1]);
  });

  test('something that is no Error becomes one', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = newClient({ initial: sends('echo'), onResponse: () => Promise.reject('just text') });
    await client.startup();
    expect(await thrownBy(() => client.untilFinished())).toEqual(new Error('just text'));
  });
});

test("both doors at once: callbacks and requests don't disturb each other", async () => {
  await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
  const answers = new Collected<unknown>();
  await using client = newClient({
    initial: { messagesToSend: [message('echo', 'callback')] },
    onResponse: withAnswer((payload) => answers.add(payload)),
  });
  await client.startup();
  expect(await client.request(message('echo', 'request'))).toBe('request');
  expect(await answers.reach(1)).toEqual(['callback']);
});

test('event callbacks are called one after the other, in order, also when they take their time', async () => {
  await using service = await FakeService.start(broker);
  const steps = new Collected<string>();
  await using client = newClient({
    initial: { servicesToStartListeningForEvents: [event('tick')] },
    onEvent: withEvent(async (payload) => {
      steps.add(`begin ${payload}`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.add(`end ${payload}`);
    }),
  });
  await client.startup();
  await Promise.all([1, 2].map((json) => service.emit('tick', { json })));
  expect(await steps.reach(4)).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
});
