import type { Issue } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import {
  type AnyCapability,
  Binary,
  type CapabilityDeclaration,
  defineCapability,
  IntersectService,
  type IntersectServiceConfig,
  intersectSchema,
  Type,
} from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';

const transport = () => memoryTransport(new MemoryBroker());
const good = () => defineCapability({ name: 'Good', operations: { go: {} } }).implement({ go: () => {} });

function issuesOf(make: () => unknown): readonly Issue[] {
  try {
    make();
  } catch (error) {
    const { code, issues } = error as { code: string; issues: readonly Issue[] };
    expect(code).toBe('CONFIG_INVALID');
    return issues;
  }
  return [];
}

function serviceIssues(capabilities: unknown, config: unknown = {}): readonly Issue[] {
  const whole = { hierarchy: HIERARCHY, brokers: [transport()], ...(config as object) };
  return issuesOf(
    () => new IntersectService(capabilities as AnyCapability[], whole as IntersectServiceConfig),
  );
}

/** What is said about a declaration, paths without the capability's own. */
function declarationIssues(declaration: unknown): string[] {
  const definition = defineCapability(declaration as CapabilityDeclaration);
  return issuesOf(() => intersectSchema([definition], HIERARCHY)).map(({ path, message }) =>
    `${path.replace('capabilities[0]', '')}: ${message}`.replace(/^\./, ''),
  );
}

const withRequest = (request: unknown) => ({ name: 'Cap', operations: { go: { request } } });

describe('a capability', () => {
  it.each([
    [
      'without anything declared',
      { name: 'Cap' },
      /declares neither an operation, nor an event, nor a status/,
    ],
    ['without a name', { operations: { go: {} } }, /^name: is required/],
    ['whose name is no text', { name: 7, operations: { go: {} } }, /^name: must be a string/],
    ['whose name has a hyphen', { name: 'a-b', operations: { go: {} } }, /^name: must be letters/],
    ['whose name is too long', { name: 'a'.repeat(256), operations: { go: {} } }, /^name: must be letters/],
    ['with the reserved name', { name: 'intersect_sdk', operations: { go: {} } }, /reserved/],
    [
      'with an unknown field',
      { name: 'Cap', operations: { go: {} }, colour: 1 },
      /^colour: is not a known field/,
    ],
    ['whose operations are a list', { name: 'Cap', operations: [{}] }, /^operations: must be an object/],
    [
      'with an operation that is no object',
      { name: 'Cap', operations: { go: 1 } },
      /^operations.go: must be an obj/,
    ],
    [
      'with a malformed operation name',
      { name: 'Cap', operations: { 'a.b': {} } },
      /its name must be letters/,
    ],
    [
      'with an unknown option',
      { name: 'Cap', operations: { go: { strict: true } } },
      /^operations.go.strict: is not/,
    ],
    [
      'with no concurrency',
      { name: 'Cap', operations: { go: { concurrency: 0 } } },
      /concurrency: must be at least 1/,
    ],
    [
      'with no time',
      { name: 'Cap', operations: { go: { timeLimitMs: 0 } } },
      /timeLimitMs: must be at least 1/,
    ],
    [
      'with a bad key',
      { name: 'Cap', operations: { go: { ignoreKeys: [''] } } },
      /ignoreKeys\[0\]: must not be empty/,
    ],
    [
      'with a bad validation',
      { name: 'Cap', operations: { go: { validation: 'x' } } },
      /validation: must be one of/,
    ],
    [
      'with a bad data handler',
      { name: 'Cap', operations: { go: { responseDataHandler: 'S3' } } },
      /must be one of/,
    ],
    [
      'with a malformed event name',
      { name: 'Cap', events: { 'a-b': { schema: Type.String() } } },
      /its name must be/,
    ],
    ['with an event without a schema', { name: 'Cap', events: { e: {} } }, /^events.e.schema: is required/],
    [
      'with an event of anything',
      { name: 'Cap', events: { e: { schema: Type.Array(Type.Any()) } } },
      /says nothing/,
    ],
    [
      'with a status of anything',
      { name: 'Cap', status: { schema: Type.Unknown() } },
      /^status.schema: says nothing/,
    ],
    ...[
      Type.Null(),
      { const: null },
      { enum: [null] },
      { type: ['null'] },
      { anyOf: [{ type: 'null' }, { const: null }] },
      { $ref: '#/$defs/None', $defs: { None: { type: 'null' } } },
    ].map((schema): [string, unknown, RegExp] => [
      `with a status of null, as ${JSON.stringify(schema)},`,
      { name: 'Cap', status: { schema } },
      /^status.schema: must be more than null/,
    ]),
    ...(['request', 'response'] as const).map((field): [string, unknown, RegExp] => [
      `with bytes without a content type as ${field}`,
      { name: 'Cap', operations: { go: { [field]: { type: 'string', format: 'binary' } } } },
      /is bytes without a content type.*Binary\('image\/png'\)/,
    ]),
    ...[{ type: 'array' }, { type: 'object' }, {}].map((choice): [string, unknown, RegExp] => [
      `with a union that has the choice ${JSON.stringify(choice)}`,
      { name: 'Cap', operations: { go: { request: { anyOf: [{ type: 'integer' }, choice] } } } },
      /^operations.go.request.anyOf\[1\]: says nothing.*the reference leaves such a choice .* out of its document/,
    ]),
    [
      'with bytes without a content type inside an event',
      { name: 'Cap', events: { e: { schema: Type.Object({ raw: Type.String({ format: 'binary' }) }) } } },
      /^events.e.schema.properties.raw: is bytes without a content type/,
    ],
    [
      'with bytes without a content type in a status',
      { name: 'Cap', status: { schema: Type.String({ format: 'binary' }) } },
      /^status.schema: is bytes without a content type/,
    ],
    ['with a binary status', { name: 'Cap', status: { schema: Binary('image/png') } }, /cannot be binary/],
    [
      'whose status has the name of an operation',
      { name: 'Cap', operations: { go: {} }, status: { name: 'go', schema: Type.String() } },
      /^status.name: is the name of an operation too/,
    ],
  ])('%s is refused', (_what, declaration, expected) => {
    expect(declarationIssues(declaration)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('a schema', () => {
  it.each([
    ['of anything', Type.Any(), /^operations.go.request: says nothing about the value/],
    ['of a list of anything', Type.Array(Type.Any()), /request.items: says nothing/],
    [
      'of a set of anything',
      Type.Array(Type.Unknown(), { uniqueItems: true }),
      /request.items: says nothing/,
    ],
    ['of a record of anything', Type.Record(Type.String(), Type.Any()), /says nothing/],
    ['of a tuple with anything', Type.Tuple([Type.Integer(), Type.Any()]), /says nothing/],
    [
      'with a field of anything',
      Type.Object({ a: Type.Object({ b: Type.Any() }) }),
      /properties.a.properties.b: says/,
    ],
    ['of a list of no items', { type: 'array' }, /^operations.go.request: says nothing/],
    ['of an object without fields', Type.Object({}), /^operations.go.request: says nothing/],
    ['that is no schema', 'string', /^operations.go.request: must be a JSON Schema, got string/],
    ['that is no valid JSON Schema', { type: 'string', minLength: -1 }, /^operations.go.request.minLength/],
    ['with a reference to nowhere', { $ref: '#/$defs/None' }, /not defined|nowhere/],
    [
      'with a default of the wrong type',
      Type.Integer({ default: 'one' }),
      /request.default: does not fit the schema/,
    ],
    [
      'with a default that is only convertible',
      Type.Integer({ default: '1' }),
      /request.default: does not fit/,
    ],
    [
      'with a default that breaks a format',
      Type.String({ format: 'date-time', default: 'aaa' }),
      /request.default: does not fit the schema: must be a date and time/,
    ],
    [
      'with a wrong default of a field',
      Type.Object({ a: Type.Object({ b: Type.Integer({ default: 'x' }) }) }),
      /request.properties.a.properties.b.default: does not fit/,
    ],
    [
      'with a wrong default of a whole',
      Type.Object({ a: Type.Integer() }, { default: { a: 'x' } }),
      /request.default.a: does not fit the schema/,
    ],
    [
      'with bytes inside JSON',
      Type.Object({ image: Binary('image/png') }),
      /properties.image: is binary data inside/,
    ],
    ['of bytes as JSON', Binary('application/json'), /content type must not be application\/json/],
    ['of bytes with a parameter', Binary('text/plain; charset=utf-8'), /without parameters/],
    ['of bytes with no real content type', Binary('png'), /content type of the form/],
  ])('%s is refused', (_what, schema, expected) => {
    expect(declarationIssues(withRequest(schema))).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    [
      'a default that leaves out fields with a default',
      Type.Object({ a: Type.Integer({ default: 1 }) }, { default: {} }),
    ],
    ['a field that may hold more', Type.Object({ a: Type.Integer() }, { additionalProperties: true })],
    ['a hand-written one', { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }],
    [
      'a recursive one',
      Type.Cyclic({ Node: Type.Object({ next: Type.Optional(Type.Ref('Node')) }) }, 'Node'),
    ],
  ])('with %s is taken', (_what, schema) => {
    expect(declarationIssues(withRequest(schema))).toEqual([]);
  });

  it('of an unknown type is refused', () => {
    expect(declarationIssues(withRequest({ type: 'strin' }))).toContainEqual(
      expect.stringMatching(/^operations.go.request.type: must be one of 'array'/),
    );
  });

  it('that refers to itself as an object is refused, and does not keep the program busy', () => {
    const schema: Record<string, unknown> = { type: 'object', properties: {} };
    (schema.properties as Record<string, unknown>).self = schema;
    expect(declarationIssues(withRequest(schema))).toEqual([expect.stringMatching(/nested/)]);
  });
});

describe('a service', () => {
  it.each([
    ['without a list of capabilities', undefined, 'capabilities: must be a list'],
    ['without capabilities', [], 'capabilities: must be a list'],
    ['with something else among them', [good(), {}], 'capabilities[1]: must be made by defineCapability'],
    ['with a capability class', [class Cap {}], 'capabilities[0]: must be made by defineCapability'],
    [
      'with a declaration without code',
      [defineCapability({ name: 'Cap', operations: { go: {} } })],
      'capabilities[0]: is declared but has no code',
    ],
    ['with two of one name', [good(), good()], "capabilities[1].name: 'Good' is the name of another"],
    [
      'with a missing function',
      [defineCapability({ name: 'Cap', operations: { go: {} } }).implement({} as never)],
      "capabilities[0].operations.go: the implementation has no function 'go'",
    ],
    [
      'that answers through a data store it does not have',
      [
        defineCapability({
          name: 'Cap',
          operations: { go: { responseDataHandler: 'MINIO' } },
        }).implement({ go: () => {} }),
      ],
      "Cap.go: uses the data handler 'MINIO'",
    ],
    [
      'that emits through a data store it does not have',
      [
        defineCapability({
          name: 'Cap',
          events: { e: { schema: Type.String(), dataHandler: 'MINIO' } },
        }).implement({}),
      ],
      "Cap.e: uses the data handler 'MINIO'",
    ],
  ])('%s is refused', (_what, capabilities, expected) => {
    expect(serviceIssues(capabilities).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it.each([
    ['no hierarchy', { hierarchy: undefined }, 'hierarchy'],
    ['a bad hierarchy', { hierarchy: { ...HIERARCHY, service: 'No' } }, 'hierarchy.service'],
    ['an empty subsystem', { hierarchy: { ...HIERARCHY, subsystem: '' } }, 'hierarchy.subsystem'],
    ['no broker', { brokers: [] }, 'brokers'],
    [
      'a bad broker',
      { brokers: [{ protocol: 'mqtt5.0', username: 'u', password: '' }] },
      'brokers[0].password',
    ],
    ['too short a status interval', { statusInterval: 29.9 }, 'statusInterval'],
    ['too long a status interval', { statusInterval: 1500 }, 'statusInterval'],
    ['no concurrency', { concurrency: 0 }, 'concurrency'],
    ['half a request at once', { concurrency: 1.5 }, 'concurrency'],
    ['nothing in flight', { maxInFlight: 0 }, 'maxInFlight'],
    ['no time for shutdown', { shutdownTimeoutMs: 0 }, 'shutdownTimeoutMs'],
    ['no time for requests', { requestTimeoutMs: -1 }, 'requestTimeoutMs'],
    ['no time to keep requests', { keepRequestsMs: 0 }, 'keepRequestsMs'],
    ['no time to keep events', { keepEventsMs: 0 }, 'keepEventsMs'],
    ['half a millisecond to keep events', { keepEventsMs: 1.5 }, 'keepEventsMs'],
    ['longer to keep events than RabbitMQ can', { keepEventsMs: 315_360_000_001 }, 'keepEventsMs'],
    ['no time for answers', { answerRetryMs: 0 }, 'answerRetryMs'],
    ['a time for answers that is no number', { answerRetryMs: Number.NaN }, 'answerRetryMs'],
    ['a logger that is none', { logger: 1 }, 'logger'],
    ['a listener that is no function', { onReport: 1 }, 'onReport'],
    ['data stores that are none', { dataStores: 'minio' }, 'dataStores'],
    [
      'a data store that has no URL',
      { dataStores: [{ put() {}, get() {}, delete() {} }] },
      'dataStores[0].url',
    ],
    [
      'a data store of a file without a password',
      { dataStores: { minio: [{ username: 'u' }] } },
      'dataStores.minio[0].password',
    ],
    ['an unknown field', { tls: true }, 'tls'],
  ])('with %s is refused', (_what, config, path) => {
    expect(serviceIssues([good()], config).map((issue) => issue.path)).toEqual([path]);
  });

  it('is refused with each pattern that could not be checked, wherever it stands, and told what to do', () => {
    const Odd = Type.Object({ label: Type.String({ pattern: '^(a)?(?(1)b|c)$' }) });
    const issues = declarationIssues({
      name: 'Cap',
      operations: { go: { request: Odd, response: Odd } },
      events: { gone: { schema: Type.Array(Type.String({ pattern: '(?>a|ab)c' })) } },
      status: {
        schema: Type.Object({ parts: Type.Record(Type.String({ pattern: '(?<=abcd)x' }), Type.Null()) }),
      },
    });
    expect(issues.map((issue) => issue.replace(/: .*/, ''))).toEqual([
      'operations.go.request.properties.label.pattern',
      'operations.go.response.properties.label.pattern',
      'events.gone.schema.items.pattern',
      'status.schema.properties.parts.patternProperties',
    ]);
    for (const issue of issues) {
      expect(issue).toMatch(
        / is not checked: the pattern .* has .*; write it without that, or leave it out and look at the text in the handler$/,
      );
    }
  });

  it('is told every problem at once', () => {
    const bad = defineCapability({
      name: 'Cap',
      operations: { one: { request: Type.Any() }, two: { response: Type.Integer(), concurrency: 0 } },
    });
    const issues = serviceIssues([bad.implement({ one: () => {}, two: 1 } as never)], {
      statusInterval: 1,
      hierarchy: { ...HIERARCHY, system: 'S' },
    });
    expect(issues.map(({ path }) => path).sort()).toEqual([
      'capabilities[0].operations.one.request',
      'capabilities[0].operations.two',
      'capabilities[0].operations.two.concurrency',
      'hierarchy.system',
      'statusInterval',
    ]);
  });

  it('cannot store anything with the plain configuration of data stores', () => {
    const storing = defineCapability({ name: 'Cap', operations: { go: { responseDataHandler: 'MINIO' } } });
    const dataStores = { minio: [{ username: 'u', password: 'p' }] };
    expect(serviceIssues([storing.implement({ go: () => {} })], { dataStores })).toEqual([
      {
        path: 'Cap.go',
        message: expect.stringContaining('the plain values of a configuration file make none'),
      },
    ]);
  });

  it('takes the plain configuration of data stores that it does not need', () => {
    expect(serviceIssues([good()], { dataStores: { minio: [{ username: 'u', password: 'p' }] } })).toEqual(
      [],
    );
  });
});
