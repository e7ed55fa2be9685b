import { newId, PROTOCOL_VERSION, parseUserspaceHeaders } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { Binary, CapabilityError, defineCapability, Type } from '../../src/index.js';
import { ADDRESS, ASKER, type RequestParts, readReply, request } from './support/asker.js';
import { processorOf } from './support/processor.js';

const Probe = defineCapability({
  name: 'Probe',
  operations: {
    echo: { request: Type.String({ title: 's' }), response: Type.String() },
    double: { request: Type.Integer({ title: 'n', default: 5 }), response: Type.Integer() },
    config: {
      request: Type.Object(
        { size: Type.Integer({ default: 3 }), name: Type.String({ default: 'x' }) },
        { default: { size: 1 } },
      ),
      response: Type.String(),
    },
    maybe: { request: Type.Union([Type.Integer(), Type.Null()]), response: Type.String() },
    nothing: {},
    number: { response: Type.Number() },
    integer: { response: Type.Integer() },
    or_null: { response: Type.Union([Type.Number(), Type.Null()]) },
    anything: { response: Type.Object({ deep: Type.Array(Type.Union([Type.Number(), Type.String()])) }) },
    list: { response: Type.Array(Type.Number()) },
    when: { response: Type.String({ format: 'date-time' }) },
    point: {
      request: Type.Object({ x: Type.Number(), y: Type.Number() }),
      response: Type.Object({ x: Type.Number(), y: Type.Number() }),
    },
    strictly: { request: Type.Integer(), response: Type.Integer(), validation: 'strict' },
    closed: {
      request: Type.Object({ a: Type.Integer() }, { additionalProperties: false }),
      response: Type.Integer(),
    },
    reverse: { request: Binary('application/octet-stream'), response: Binary('image/png') },
    small: { request: Binary('image/png', { maxLength: 2 }), response: Type.Integer() },
    guarded: { response: Type.String(), ignoreKeys: ['laser', 'door'] },
    fail: { response: Type.String() },
    wrong: { response: Type.Integer() },
    notBytes: { response: Binary('image/png') },
  },
  status: { schema: Type.Object({ up: Type.Boolean() }), name: 'probe_status' },
});

const SECRET = 'internal-host.example';
const answers: Record<string, unknown> = {};

const probe = Probe.implement({
  echo: (s) => s,
  double: (n) => 2 * n,
  config: (config) => JSON.stringify(config),
  maybe: (value) => typeof value,
  nothing: () => {},
  number: () => answers.number as number,
  integer: () => answers.integer as number,
  or_null: () => answers.or_null as number,
  anything: () => answers.anything as { deep: number[] },
  list: () => answers.list as number[],
  when: () => answers.when as string,
  point: ({ x, y }) => ({ x: y, y: x }),
  strictly: (n) => n,
  closed: ({ a }) => a,
  reverse: (bytes) => bytes.toReversed(),
  small: (bytes) => bytes.length,
  guarded: () => 'open',
  fail: () => {
    throw answers.thrown;
  },
  wrong: () => answers.wrong as number,
  notBytes: () => 'text' as unknown as Uint8Array,
  probe_status: () => ({ up: true }),
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('a request without a body', () => {
  it.each([text(''), text('null'), text(' null\n')])('gives the handler the default: %j', async (body) => {
    const { ask } = processorOf(probe);
    expect(await ask('Probe.double', { body })).toMatchObject({ hasError: false, value: 10 });
  });

  it('gives a fresh default, with the defaults of its fields, each time', async () => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.config')).value).toBe('{"size":1,"name":"x"}');
    expect((await ask('Probe.config')).value).toBe('{"size":1,"name":"x"}');
  });

  it('gives null to an operation that takes null and has no default', async () => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.maybe', { body: text('') })).value).toBe('object');
  });

  it('is refused by an operation that needs a value', async () => {
    const { ask } = processorOf(probe);
    const reply = await ask('Probe.echo', { body: text('') });
    expect(reply).toMatchObject({ hasError: true, value: expect.stringContaining('must be a string') });
  });
});

describe('a request with a body', () => {
  it.each(['', 'null', '{"any": "thing"}', 'not even JSON', '\u0000'])(
    'is ignored by an operation that takes nothing: %j',
    async (body) => {
      const { ask } = processorOf(probe);
      const reply = await ask('Probe.nothing', { body: text(body) });
      expect(reply).toMatchObject({ hasError: false, value: null, contentType: 'application/json' });
    },
  );

  it('travels as UTF-8, non-ASCII unescaped', async () => {
    const { processor } = processorOf(probe);
    const outcome = await processor.process(request('Probe.echo', { payload: 'héllo ☃' }));
    expect(outcome.kind === 'reply' && new TextDecoder().decode(outcome.message.payload)).toBe('"héllo ☃"');
  });

  it('is bytes, untouched, for a binary operation, and so is the answer', async () => {
    const { ask } = processorOf(probe);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const reply = await ask('Probe.reverse', { payload: all, contentType: 'application/octet-stream' });
    expect(reply).toMatchObject({ hasError: false, contentType: 'image/png', value: all.toReversed() });
  });

  it('that is empty is an empty Uint8Array for a binary operation', async () => {
    const { ask } = processorOf(probe);
    const reply = await ask('Probe.small', { body: new Uint8Array(), contentType: 'image/png' });
    expect(reply.value).toBe(0);
  });

  it('that is binary and too long is refused', async () => {
    const { ask } = processorOf(probe);
    const reply = await ask('Probe.small', { payload: new Uint8Array(3), contentType: 'image/png' });
    expect(reply).toMatchObject({ hasError: true, value: expect.stringContaining('at most 2 bytes') });
  });
});

describe('a payload larger than the service takes', () => {
  it('is refused with a sentence that says the limit, and not read', async () => {
    const { ask, reports } = processorOf(probe, { maxPayloadBytes: 20 });
    const reply = await ask('Probe.point', { body: new TextEncoder().encode('{'.repeat(21)) });
    expect(reply).toMatchObject({ hasError: true, value: expect.stringContaining('the 20 bytes that') });
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'payload-too-large' }]);
    expect((await ask('Probe.double', { body: new TextEncoder().encode('21'.padStart(20)) })).value).toBe(42);
  });
});

describe('validation of arguments', () => {
  it('takes what can be converted, unless it is strict', async () => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.double', { payload: '21' })).value).toBe(42);
    expect(await ask('Probe.strictly', { payload: '21' })).toMatchObject({ hasError: true });
    expect((await ask('Probe.strictly', { payload: 21 })).value).toBe(21);
  });

  it('ignores fields that nobody asked for, unless they are forbidden', async () => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.point', { payload: { x: 1, y: 2, z: 3 } })).value).toEqual({ x: 2, y: 1 });
    expect(await ask('Probe.closed', { payload: { a: 1, b: 2 } })).toMatchObject({ hasError: true });
  });

  it('names every problem with its path, and repeats nothing of what was sent', async () => {
    const { ask } = processorOf(probe);
    const { value, contentType } = await ask('Probe.point', { payload: { x: SECRET } });
    expect(contentType).toBe('text/plain');
    expect(String(value).split('\n').sort()).toEqual([
      'The argument does not fit operation Probe.point:',
      'x: must be a number, got string',
      'y: is required',
    ]);
  });

  it.each([
    ['invalid JSON', text('{"x": ')],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a nesting without end', text('['.repeat(100_000))],
  ])('refuses %s without quoting it', async (_what, body) => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.echo', { body })).value).toBe(
      'The argument of operation Probe.echo is not valid JSON in UTF-8.',
    );
  });
});

describe('an answer', () => {
  it.each([
    ['number', Number.NaN, ''],
    ['number', Number.POSITIVE_INFINITY, ''],
    ['integer', Number.POSITIVE_INFINITY, ''],
    ['or_null', Number.NEGATIVE_INFINITY, ''],
    ['list', [1, Number.NaN], '[1]'],
    ['anything', { deep: [Number.NaN] }, 'deep[0]'],
  ])('%s that is %o is refused, since JSON cannot carry it', async (name, given, path) => {
    const { ask, reports } = processorOf(probe);
    answers[name] = given;
    expect(await ask(`Probe.${name}`)).toMatchObject({ hasError: true });
    expect(reports).toMatchObject([{ reason: 'answer-invalid', issues: [{ path }] }]);
  });

  it('is judged by what it becomes as JSON', async () => {
    const { ask } = processorOf(probe);
    answers.when = new Date(0);
    expect((await ask('Probe.when')).value).toBe('1970-01-01T00:00:00.000Z');
  });

  it.each([['text'], [1.5], [null], [undefined], [Symbol('s')], [new Map()], [() => 1]])(
    'of the wrong type is a failure of the service: %o',
    async (given) => {
      const { ask, reports } = processorOf(probe);
      answers.wrong = given;
      expect(await ask('Probe.wrong')).toMatchObject({
        hasError: true,
        value: 'Operation Probe.wrong failed inside the service.',
      });
      expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'answer-invalid' }]);
    },
  );

  it('that should be bytes and is not is a failure of the service', async () => {
    const { ask } = processorOf(probe);
    expect(await ask('Probe.notBytes')).toMatchObject({ hasError: true });
  });

  it('repeats the ids and the operation and swaps the addresses', async () => {
    const { processor } = processorOf(probe);
    const message = request('Probe.echo', { payload: 'x' });
    const asked = parseUserspaceHeaders(message.headers);
    const outcome = await processor.process(message);
    if (outcome.kind !== 'reply') throw new Error('dropped');
    const { headers } = readReply(outcome.message);
    expect(outcome.message.channel).toBe(`${ASKER.replaceAll('.', '/')}/response`);
    expect(headers).toMatchObject({
      campaignId: asked.campaignId,
      requestId: asked.requestId,
      operationId: 'Probe.echo',
      source: ADDRESS,
      destination: ASKER,
      sdkVersion: PROTOCOL_VERSION,
      dataHandler: 'MESSAGE',
    });
    expect(headers.messageId).not.toBe(asked.messageId);
    expect(outcome.message.headers.has_error).toBe('false');
  });
});

describe('a handler that fails', () => {
  it.each([
    ['an Error', new Error(SECRET)],
    ['text', SECRET],
    ['nothing', undefined],
    ['null', null],
  ])('by throwing %s tells the caller nothing of it', async (_what, thrown) => {
    const { ask, reports } = processorOf(probe);
    answers.thrown = thrown;
    const { hasError, value, contentType } = await ask('Probe.fail');
    expect({ hasError, value, contentType }).toEqual({
      hasError: true,
      value: 'Operation Probe.fail failed inside the service.',
      contentType: 'text/plain',
    });
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'handler-failed' }]);
  });

  it('with a CapabilityError sends its text', async () => {
    const { ask } = processorOf(probe);
    answers.thrown = new CapabilityError('the shutter is closed');
    expect(await ask('Probe.fail')).toMatchObject({ hasError: true, value: 'the shutter is closed' });
  });
});

describe('a request that can not be run', () => {
  it.each([
    ['an unknown operation', 'Probe.nope', {}, 'has no operation '],
    ['an unknown capability', 'Nope.echo', {}, 'has no operation '],
    ['a name of the object itself', 'Probe.constructor', {}, 'has no operation '],
    [
      'another content type',
      'Probe.echo',
      { contentType: 'text/plain', payload: text('x') },
      'takes application/json',
    ],
    [
      'a content type with a parameter',
      'Probe.echo',
      { contentType: 'application/json; charset=utf-8', payload: text('"x"') },
      'takes application/json',
    ],
    [
      'another content type, though the body is ignored',
      'Probe.nothing',
      { contentType: 'text/plain', payload: text('') },
      'takes application/json',
    ],
    [
      'an older version',
      'Probe.echo',
      { payload: 'x', headers: { sdkVersion: '0.8.0' } },
      'speaks INTERSECT protocol 0.9',
    ],
    [
      'another major version',
      'Probe.echo',
      { payload: 'x', headers: { sdkVersion: '1.9.6' } },
      'speaks INTERSECT protocol 0.9',
    ],
    [
      'a data handler that nobody knows',
      'Probe.echo',
      { payload: 'x', raw: { data_handler: 'S3' } },
      'does not know the data handler',
    ],
    [
      'a pointer to a store that is not there',
      'Probe.echo',
      { payload: {}, headers: { dataHandler: 'MINIO' } },
      'could not be fetched',
    ],
  ] satisfies [string, string, RequestParts, string][])(
    'because of %s is answered with an error',
    async (...[, operation, parts, sentence]) => {
      const { ask } = processorOf(probe);
      const reply = await ask(operation, parts);
      expect(reply).toMatchObject({ hasError: true, contentType: 'text/plain' });
      expect(reply.value).toContain(sentence);
      expect(reply.headers.dataHandler).toBe('MESSAGE');
    },
  );

  it('because one of its keys is blocked is answered with an error, until the key is allowed', async () => {
    const { ask, blockedKeys } = processorOf(probe);
    blockedKeys.add('door');
    expect(await ask('Probe.guarded')).toMatchObject({
      hasError: true,
      value: 'Operation Probe.guarded is blocked at the moment.',
    });
    blockedKeys.clear();
    expect((await ask('Probe.guarded')).value).toBe('open');
  });

  it.each([
    ['no message id', { message_id: undefined }],
    ['a request id that is no uuid', { request_id: '7' }],
    ['a version with a suffix', { sdk_version: '0.9.6+b' }],
    ['a source in upper case', { source: 'Org.Svc' }],
    ['a source that nobody can be reached at', { source: 'a..b' }],
    ['a time without an offset', { created_at: '2026-11-22T16:32:49' }],
  ])('because of %s gets no answer and is reported', async (_what, raw) => {
    const { processor, reports } = processorOf(probe);
    const outcome = await processor.process(request('Probe.echo', { payload: 'x', raw }));
    expect(outcome).toMatchObject({ kind: 'dropped', reason: 'headers-invalid' });
    expect(reports).toMatchObject([
      { kind: 'request-dropped', reason: 'headers-invalid', issues: [{ path: Object.keys(raw)[0] }] },
    ]);
  });

  it('because it has no content type gets no answer', async () => {
    const { processor } = processorOf(probe);
    const outcome = await processor.process(request('Probe.echo', { payload: 'x', contentType: '' }));
    expect(outcome).toMatchObject({ kind: 'dropped', reason: 'headers-invalid' });
  });

  it('because it is for someone else gets no answer and is reported', async () => {
    const { processor, reports } = processorOf(probe);
    const headers = { destination: 'test-org.test-fac.test-sys.-.other' };
    const outcome = await processor.process(request('Probe.echo', { payload: 'x', headers }));
    expect(outcome).toMatchObject({ kind: 'dropped', reason: 'other-destination' });
    expect(reports).toMatchObject([{ kind: 'request-dropped', reason: 'other-destination' }]);
  });
});

describe('the status function', () => {
  it('can be asked as an operation', async () => {
    const { ask } = processorOf(probe);
    expect((await ask('Probe.probe_status', { body: text('junk') })).value).toEqual({ up: true });
  });
});

describe('who asks', () => {
  it('may have an address of two parts and ids of any version', async () => {
    const { processor } = processorOf(probe);
    const requestId = '6fa459ea-ee8a-3ca4-894e-db77e160355e';
    const message = request('Probe.echo', {
      payload: 'x',
      headers: { source: 'system.orchestrator', requestId, campaignId: requestId.toUpperCase() },
    });
    const outcome = await processor.process(message);
    if (outcome.kind !== 'reply') throw new Error('dropped');
    expect(outcome.message.channel).toBe('system/orchestrator/response');
    expect(outcome.message.headers).toMatchObject({ request_id: requestId, campaign_id: requestId });
  });

  it('may use a request id again: it is a new request', async () => {
    let runs = 0;
    const capability = defineCapability({ name: 'Count', operations: { up: { response: Type.Integer() } } });
    const { ask } = processorOf(capability.implement({ up: () => ++runs }));
    const requestId = newId();
    expect((await ask('Count.up', { headers: { requestId } })).value).toBe(1);
    expect((await ask('Count.up', { headers: { requestId } })).value).toBe(2);
  });
});
