import type { IntersectClientConfig, ResponseCallback, ResponseCallbackDetails } from '@intersect-sdk/client';
import { describe, expect, test, vi } from 'vitest';
import { type Conversation, conversingClient, event, message, sends, withEvent } from './conversing.js';
import { ADDRESS, type Answer, echo, FakeService } from './fake-service.js';
import { Collected, deferred, summary, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const newClient = (conversation: Conversation) => conversingClient({ broker, reports }, conversation);

describe('initial messages', () => {
  test('are sent at startup, and their answers come to the callback', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    const answers = new Collected<unknown[]>();
    await using client = newClient({
      initial: { messagesToSend: [message('echo', 1), message('echo', 2)] },
      onResponse: (...args) => answers.add(args.slice(0, 4)),
    });
    await client.startup();
    expect(await answers.reach(2)).toEqual([
      [ADDRESS, 'Fake.echo', false, 1],
      [ADDRESS, 'Fake.echo', false, 2],
    ]);
  });

  test('startup resolves when the broker has them, not when they are answered', async () => {
    const answered = vi.fn();
    await using service = await FakeService.start(broker, { 'Fake.slow': () => new Promise(() => {}) });
    await using client = newClient({ initial: sends('slow'), onResponse: answered });
    await client.startup();
    expect(service.received).toHaveLength(1);
    expect(answered).not.toHaveBeenCalled();
  });

  test('one that nobody can take fails startup with UNROUTABLE where nothing else is waited for', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    const nobody = { ...message('echo'), destination: 'org.fac.sys.-.nobody' };
    await using client = newClient({
      initial: { messagesToSend: [nobody, message('echo')] },
      config: { terminateAfterInitialMessages: true },
    });
    expect(await thrownBy(() => client.startup())).toMatchObject({ code: 'UNROUTABLE' });
    expect(client.isConnected()).toBe(false);
    expect(service.received, 'the other one').toHaveLength(1);
  });

  test.each([
    [false, 1],
    [true, 2],
  ])('are sent again on the next startup: %s', async (resend, times) => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = newClient({
      initial: sends('echo'),
      config: { resendInitialMessagesOnSecondaryStartup: resend },
      onResponse: () => {},
    });
    await client.startup();
    await client.shutdown();
    await client.startup();
    expect(service.received).toHaveLength(times);
  });

  test('are sent on the next startup when the first one failed', async () => {
    await using client = newClient({ initial: sends('echo'), onResponse: () => {} });
    broker.refuse(true);
    expect(await thrownBy(() => client.startup())).toMatchObject({ code: 'CONNECT_REFUSED' });
    broker.refuse(false);
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await client.startup();
    expect(service.received).toHaveLength(1);
  });

  test('with terminateAfterInitialMessages it is finished as soon as the broker has them', async () => {
    await using service = await FakeService.start(broker, { 'Fake.slow': () => new Promise(() => {}) });
    const queues = broker.queueCount;
    await using client = newClient({
      initial: sends('slow', 'slow'),
      config: { terminateAfterInitialMessages: true },
    });
    await client.startup();
    await client.untilFinished();
    expect(service.received).toHaveLength(2);
    expect(broker.queueCount, 'nobody listens for the answers').toBe(queues);
  });
});

describe('initial events', () => {
  test('are listened to when startup resolves, on every startup', async () => {
    await using service = await FakeService.start(broker);
    const events = new Collected<unknown[]>();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: (...args) => events.add(args.slice(0, 4)),
    });
    await client.startup();
    await service.emit('tick', { json: 1 });
    await service.emit('tock', { json: 'nobody listens' });
    await events.reach(1);
    await client.shutdown();
    await service.emit('tick', { json: 'nobody is there' });
    await client.startup();
    await service.emit('tick', { json: 2 });
    expect(await events.reach(2)).toEqual([
      [ADDRESS, 'Fake', 'tick', 1],
      [ADDRESS, 'Fake', 'tick', 2],
    ]);
  });

  test('come with the bytes of their payload', async () => {
    await using service = await FakeService.start(broker);
    const bytes = new Collected<string>();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('tick')] },
      onEvent: (...args) => bytes.add(new TextDecoder().decode(args[4].bytes)),
    });
    await client.startup();
    await service.emit('tick', { json: [1] });
    expect(await bytes.reach(1)).toEqual(['[1]']);
  });

  test('* is every event of the capability', async () => {
    await using service = await FakeService.start(broker);
    const names = new Collected<string>();
    await using client = newClient({
      initial: { servicesToStartListeningForEvents: [event('*')] },
      onEvent: withEvent((_payload, name) => names.add(name)),
    });
    await client.startup();
    await service.emit('one');
    await service.emit('two');
    expect(await names.reach(2)).toEqual(['one', 'two']);
  });
});

describe('the outcome of a message', () => {
  /** The callback's arguments for one message. */
  async function outcomeOf(
    operations: Readonly<Record<string, () => Answer | Promise<Answer>>>,
    config: Partial<IntersectClientConfig> = {},
  ) {
    await using _service = await FakeService.start(broker, operations);
    const outcome = deferred<Parameters<ResponseCallback>>();
    const initial = sends(...Object.keys(operations).map((name) => name.replace('Fake.', '')));
    const onResponse: ResponseCallback = (...args) => outcome.resolve(args);
    await using client = await newClient({ initial, config, onResponse }).startup();
    const [source, operation, hasError, payload, details] = await outcome.promise;
    return { client, source, operation, hasError, payload, details };
  }

  test('an answer, with request id, campaign id, headers, content type and times', async () => {
    const { client, details, ...four } = await outcomeOf({ 'Fake.ok': () => ({ json: [1] }) });
    expect(four).toEqual({ source: ADDRESS, operation: 'Fake.ok', hasError: false, payload: [1] });
    expect(details).toEqual({
      requestId: details.headers?.requestId,
      campaignId: client.campaignId,
      headers: expect.objectContaining({ source: ADDRESS, hasError: false }),
      furtherHeaders: {},
      contentType: 'application/json',
      bytes: new TextEncoder().encode('[1]'),
      sentAtMs: expect.any(Number),
      receivedAtMs: expect.any(Number),
      error: undefined,
    } satisfies Record<keyof ResponseCallbackDetails, unknown>);
    expect(details.receivedAtMs).toBeGreaterThanOrEqual(details.sentAtMs);
  });

  test('bytes under any other content type', async () => {
    const bytes = Uint8Array.of(0, 255);
    const { payload, details } = await outcomeOf({
      'Fake.image': () => ({ bytes, contentType: 'image/png' }),
    });
    expect(payload).toBeInstanceOf(Uint8Array);
    expect([...(payload as Uint8Array)]).toEqual([0, 255]);
    expect(details.contentType).toBe('image/png');
  });

  test('an error of the service: its sentence as text', async () => {
    const { hasError, payload, details } = await outcomeOf({ 'Fake.fail': () => ({ error: 'no beam' }) });
    expect([hasError, payload]).toEqual([true, 'no beam']);
    expect(details).toMatchObject({ error: { code: 'REMOTE_ERROR' }, contentType: 'text/plain' });
    expect(details.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('no answer in time: the reason as text', async () => {
    const never = () => new Promise<Answer>(() => {});
    const outcome = await outcomeOf({ 'Fake.slow': never }, { requestTimeoutMs: 5 });
    expect(outcome).toMatchObject({ source: ADDRESS, operation: 'Fake.slow', hasError: true });
    expect(outcome.payload).toContain('5 ms');
    expect(outcome.details).toMatchObject({ error: { code: 'REQUEST_TIMEOUT' }, contentType: undefined });
  });

  test('an answer of another protocol version: the reason as text', async () => {
    const old = () => ({ json: 1, headers: { sdk_version: '1.0.0' } });
    const { hasError, details } = await outcomeOf({ 'Fake.old': old });
    expect(hasError).toBe(true);
    expect(details.error).toMatchObject({ code: 'VERSION_INCOMPATIBLE' });
  });

  test('nobody is called for a forged answer', async () => {
    const sources: string[] = [];
    await using _service = await FakeService.start(broker, {
      'Fake.spoofed': () => [
        { json: 'forged', headers: { source: 'org.fac.sys.-.evil' } },
        { json: 'forged', headers: { operation_id: 'Evil.op' } },
        { json: 'real' },
      ],
    });
    const answered = deferred<unknown>();
    await using client = newClient({
      initial: sends('spoofed'),
      onResponse: (...[source, operation, , payload]) => {
        sources.push(`${source} ${operation}`);
        answered.resolve(payload);
      },
    });
    await client.startup();
    expect(await answered.promise).toBe('real');
    expect(sources).toEqual([`${ADDRESS} Fake.spoofed`]);
    expect(summary(reports.all)).toEqual(Array(2).fill('response-refused RESPONSE_UNEXPECTED'));
  });

  test('nobody is called after shutdown', async () => {
    const [asked, answered] = [deferred(), vi.fn()];
    await using _service = await FakeService.start(broker, {
      'Fake.slow': () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const client = await newClient({ initial: sends('slow'), onResponse: answered }).startup();
    await asked.promise;
    await client.shutdown();
    await client.untilFinished();
    expect(answered).not.toHaveBeenCalled();
  });
});
