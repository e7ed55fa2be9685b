// Headers beyond the protocol's, from a client to a service and back, through every door.
import { IntersectClient, type ResponseCallbackDetails, stop } from '@intersect-sdk/client';
import { ConfigError, type WireMessage } from '@intersect-sdk/core';
import {
  CapabilityError,
  defineCapability,
  IntersectService,
  type RequestContext,
  Type,
} from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';

const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'tracing' };
const ADDRESS = 'org.fac.sys.-.tracing';
const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'sample=7' };

const Tracing = defineCapability({
  name: 'Tracing',
  operations: { work: { response: Type.Record(Type.String(), Type.String()) }, fail: {} },
  events: { worked: { schema: Type.String() } },
});

let broker: MemoryBroker;
let onWork: (context: RequestContext) => void;

beforeEach(() => {
  broker = new MemoryBroker();
  onWork = () => {};
});

const tracing = () =>
  Tracing.implement({
    work: async (_, context) => {
      onWork(context);
      const headers = { ...context.furtherHeaders };
      await context.emit('worked', 'done', { headers });
      return headers;
    },
    fail: (_, { setAnswerHeaders }) => {
      setAnswerHeaders({ 'retry-after': '5' });
      throw new CapabilityError('the beam is off');
    },
  });

const newService = (service = 'tracing', capability = tracing()) =>
  new IntersectService([capability], {
    hierarchy: { ...hierarchy, service },
    brokers: [memoryTransport(broker)],
  });

const newClient = (...callbacks: [] | [object, ConstructorParameters<typeof IntersectClient>[1]]) => {
  const [config = {}, callback] = callbacks;
  return new IntersectClient({ brokers: [memoryTransport(broker)], ...config }, callback);
};

const work = { destination: ADDRESS, operation: 'Tracing.work' };
const fail = { destination: ADDRESS, operation: 'Tracing.fail' };
const worked = { hierarchy: ADDRESS, capabilityName: 'Tracing', eventName: 'worked' };

describe('further headers', () => {
  test('of a request reach the handler, and its events the listener', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    await using events = client.events(worked);
    await events.ready;
    expect(await client.request(work, { headers: TRACE })).toEqual(TRACE);
    const { value: event } = await events.next();
    expect(event.furtherHeaders).toEqual(TRACE);
    expect(event.headers).not.toHaveProperty('traceparent');
  });

  test('of an answer reach the asker; what is set twice is replaced', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    onWork = ({ setAnswerHeaders }) => {
      setAnswerHeaders({ 'server-timing': 'x', etag: '1' });
      setAnswerHeaders({ etag: '2' });
    };
    const { furtherHeaders, payload } = await client.requestWithDetails(work);
    expect(furtherHeaders).toEqual({ 'server-timing': 'x', etag: '2' });
    expect(payload).toEqual({});
  });

  test('of an answer that says that it failed come with the error', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    await expect(client.request(fail)).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
      furtherHeaders: { 'retry-after': '5' },
    });
  });

  test('belong to one message: the next request and its answer have none', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    onWork = ({ setAnswerHeaders }) => setAnswerHeaders({ etag: '1' });
    await client.request(work, { headers: TRACE });
    onWork = () => {};
    expect(await client.requestWithDetails(work)).toMatchObject({ payload: {}, furtherHeaders: {} });
  });

  test('come to the callbacks of a conversation', async () => {
    await using _service = await newService().startup();
    onWork = ({ setAnswerHeaders }) => setAnswerHeaders({ etag: '1' });
    const outcomes: ResponseCallbackDetails[] = [];
    const config = { initialMessageEventConfig: { messagesToSend: [work, fail] } };
    // biome-ignore lint/complexity/useMaxParams: a callback of the reference's form
    await using client = newClient(config, (_source, _operation, _hasError, _payload, details) => {
      outcomes.push(details);
      return outcomes.length === 2 ? stop : undefined;
    });
    await client.startup();
    await client.untilFinished();
    expect(outcomes.map(({ furtherHeaders }) => furtherHeaders)).toEqual(
      expect.arrayContaining([{ etag: '1' }, { 'retry-after': '5' }]),
    );
  });

  test('go from one service to another, and their events to a third', async () => {
    const capability = tracing();
    await using _service = await newService('tracing', capability).startup();
    await using asker = await newService('asker').startup();
    const heard = new Promise<object>((resolve) => {
      void asker.registerEvent(worked, ({ furtherHeaders }) => resolve(furtherHeaders));
    });
    expect((await asker.call(work, { headers: TRACE })).payload).toEqual(TRACE);
    expect(await heard).toEqual(TRACE);
    const answered = new Promise((resolve) => {
      asker.createExternalRequest(work, ({ payload }) => resolve(payload), { headers: { baggage: 'b=1' } });
    });
    expect(await answered).toEqual({ baggage: 'b=1' });
    await using client = await newClient().startup();
    await using events = client.events(worked);
    await events.ready;
    await capability.emit('worked', 'by itself', { headers: { baggage: 'c=1' } });
    expect((await events.next()).value).toMatchObject({
      payload: 'by itself',
      furtherHeaders: { baggage: 'c=1' },
    });
  });

  test('come with an answer from memory too', async () => {
    await using _service = await newService().startup();
    let runs = 0;
    onWork = ({ setAnswerHeaders }) => {
      runs += 1;
      setAnswerHeaders({ etag: '1' });
    };
    await using repeater = memoryTransport(broker);
    await repeater.connect();
    let answered: (headers: WireMessage['headers']) => void;
    await repeater.subscribe('org/fac/sys/-/client/response', ({ headers }) => answered(headers));
    const ask = async (): Promise<WireMessage['headers']> => {
      const answer = new Promise<WireMessage['headers']>((resolve) => {
        answered = resolve;
      });
      await repeater.publish(message);
      return answer;
    };
    const id = '0af76519-16cd-43dd-8448-eb211c80319c';
    const headers = {
      message_id: id,
      campaign_id: id,
      request_id: id,
      source: 'org.fac.sys.-.client',
      destination: ADDRESS,
      created_at: '2026-11-22T16:32:49Z',
      sdk_version: '0.9.6',
      operation_id: 'Tracing.work',
    };
    const message = {
      channel: 'org/fac/sys/-/tracing/request',
      payload: new Uint8Array(),
      contentType: 'application/json',
      headers,
    };
    expect([(await ask()).etag, (await ask()).etag]).toEqual(['1', '1']);
    expect(runs).toBe(1);
  });
});

describe('what can not be sent is refused, with every problem', () => {
  const bad = { Message_ID: 'x', 'x-intersect-mine': 'x', '': 'x', text: 5 as unknown as string };
  const paths = ['headers.Message_ID', 'headers.x-intersect-mine', 'headers[""]', 'headers.text'];
  const problems = (error: unknown) => {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).issues.map(({ path }) => path);
  };

  test('for requests of a client, together with what else is wrong', async () => {
    await using client = await newClient().startup();
    const error = await client
      .request({ ...work, destination: '?' }, { headers: bad })
      .catch((thrown) => thrown);
    expect(problems(error)).toEqual(['destination', ...paths]);
  });

  test('for requests of a service', async () => {
    await using service = await newService().startup();
    expect(problems(await service.call(work, { headers: bad }).catch((thrown) => thrown))).toEqual(paths);
    expect(() => service.createExternalRequest(work, undefined, { headers: bad })).toThrow(ConfigError);
    expect(() => service.addStartupMessages([{ request: work, headers: bad }])).toThrow(ConfigError);
  });

  test('for events', async () => {
    const capability = tracing();
    await using _service = await newService('tracing', capability).startup();
    const emitted = capability.emit('worked', 'x', { headers: bad });
    expect(problems(await emitted.catch((thrown) => thrown))).toEqual(paths);
    const misspelled = { header: {} } as never;
    expect(problems(await capability.emit('worked', 'x', misspelled).catch((thrown) => thrown))).toEqual([
      'header',
    ]);
  });

  test('for answers, where they are set; the answer goes out with those that were right', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    let thrown: unknown;
    onWork = ({ setAnswerHeaders }) => {
      setAnswerHeaders({ etag: '1' });
      try {
        setAnswerHeaders({ ...bad, more: 'x' });
      } catch (error) {
        thrown = error;
      }
    };
    expect((await client.requestWithDetails(work)).furtherHeaders).toEqual({ etag: '1' });
    expect(problems(thrown)).toEqual(paths);
  });

  test('for answers whose headers are too many together', async () => {
    await using _service = await newService().startup();
    await using client = await newClient().startup();
    onWork = ({ setAnswerHeaders }) => {
      setAnswerHeaders({ first: 'x'.repeat(20_000) });
      setAnswerHeaders({ second: 'x'.repeat(20_000) });
    };
    await expect(client.request(work)).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
      furtherHeaders: { first: expect.any(String) },
    });
  });
});
