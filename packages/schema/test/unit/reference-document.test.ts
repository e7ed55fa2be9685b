import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { buildServiceSchema, compileCheck, type JsonSchema, readServiceSchema } from '../../src/index.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

// Made by the Python SDK from a capability that shows most forms.
const probe = JSON.parse(fixture('schema-probe.json')) as Document;

// The document that a Python service sent with its STARTUP message.
const startup = JSON.parse(
  (JSON.parse(fixture('python-sdk-0.9.6.jsonl').split('\n')[0] ?? '') as { body: { utf8: string } }).body
    .utf8,
) as { schema: Document; status: { intersect_sdk: unknown; Echo: unknown } };

interface Document {
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly messageTraits?: unknown;
  };
}

const Mode = Type.Enum(['fast', 'slow'], { $id: 'Mode' });
const Sample = Type.Object(
  {
    name: Type.String(),
    size: Type.Optional(Type.Integer({ default: 3, exclusiveMinimum: 0 })),
    mode: Type.Optional(Type.Intersect([Mode], { default: 'fast' })),
    note: Type.Optional(Type.Union([Type.String(), Type.Null()], { default: null })),
  },
  { $id: 'Sample', description: 'A sample.' },
);
const binary = (contentMediaType: string) => ({ type: 'string', format: 'binary', contentMediaType });

// The same capability as the probe's, declared with TypeBox.
const capability = {
  name: 'Probe',
  description: 'Probe capability.',
  operations: [
    {
      name: 'when',
      request: { schema: Type.String({ format: 'date-time' }), parameter: 'd' },
      response: { schema: Type.Record(Type.String(), Type.Integer()) },
    },
    {
      name: 'obj',
      description: 'Takes a sample.\n\nMore text.',
      request: { schema: Sample, parameter: 's' },
      response: { schema: Type.Array(Sample) },
    },
    {
      name: 'opt',
      request: { schema: Type.Union([Type.Integer(), Type.Null()]), parameter: 'v' },
      response: { schema: Type.Union([Type.Literal('a'), Type.Literal('b')]) },
    },
    {
      name: 'deflt',
      request: { schema: Type.Integer({ default: 5 }), parameter: 'n' },
      response: { schema: Type.Number() },
    },
    { name: 'noargs', description: 'No args.' },
    {
      name: 'img',
      request: { schema: binary('application/octet-stream'), parameter: 'b' },
      response: { schema: binary('image/png') },
    },
  ],
  events: [
    { name: 'tick', description: 'a tick', schema: Type.Integer() },
    { name: 'snap', schema: binary('image/png') },
    { name: 'made', schema: Sample },
  ],
  status: Sample,
};

const hierarchy = { organization: 'org-a', facility: 'fac-a', system: 'sys-a', service: 'svc-a' };

describe('a document made here', () => {
  const document = JSON.parse(
    JSON.stringify(buildServiceSchema({ hierarchy, capabilities: [capability] })),
  ) as Document;

  test('is the reference’s for the same capability', () => {
    // The accepted differences, each because the probe was made without a service around it:
    // 1. `intersect_sdk` and its status stand in every document that a service sends;
    // 2. so do the message traits.
    // Both are compared with a document that a service sent, below.
    const { intersect_sdk: _core, ...capabilities } = document.capabilities;
    const { IntersectCoreStatus: _status, ...schemas } = document.components.schemas;
    expect({ ...document, capabilities, components: { schemas } }).toEqual(probe);
  });

  test('has what every document of a service has, as a service of the reference sends it', () => {
    expect(document.components.messageTraits).toEqual(startup.schema.components.messageTraits);
    expect(document.components.schemas.IntersectCoreStatus).toEqual(
      startup.schema.components.schemas.IntersectCoreStatus,
    );
    expect(document.capabilities.intersect_sdk).toEqual(startup.schema.capabilities.intersect_sdk);
    expect(Object.keys(document.capabilities)).toEqual(['intersect_sdk', 'Probe']);
  });

  test('is the same text each time, whatever the order of the operations', () => {
    const reversed = { ...capability, operations: capability.operations.toReversed() };
    expect(JSON.stringify(buildServiceSchema({ hierarchy, capabilities: [reversed] }))).toBe(
      JSON.stringify(document),
    );
  });

  test('gives back what it was made from', () => {
    const description = readServiceSchema(document);
    const rebuilt = buildServiceSchema({ ...description, hierarchy, capabilities: description.capabilities });
    expect(rebuilt).toEqual(document);
  });
});

describe('a whole document that a service of the reference sent', () => {
  test('can be made here', () => {
    const { $id: _id, ...Point } = Type.Object(
      { x: Type.Number(), y: Type.Number(), label: Type.Optional(Type.String({ default: 'p' })) },
      { $id: 'Point' },
    ) as { $id?: string };
    const bytes = { schema: binary('application/octet-stream') };
    const echo = {
      name: 'Echo',
      operations: [
        {
          name: 'echo',
          request: { schema: Type.String(), parameter: 's' },
          response: { schema: Type.String() },
        },
        { name: 'shift', request: { schema: Type.Ref('Point') }, response: { schema: Type.Ref('Point') } },
        { name: 'fail', response: { schema: Type.String() } },
        { name: 'emit', request: { schema: Type.Integer(), parameter: 'n' } },
        { name: 'rev', request: bytes, response: bytes },
      ],
      events: [{ name: 'ticked', schema: Type.Integer() }],
      status: Type.String(),
    };
    const built = buildServiceSchema({
      hierarchy: {
        organization: 'bench-org',
        facility: 'bench-fac',
        system: 'bench-sys',
        subsystem: 'bench-sub',
        service: 'py-echo-mqtt',
      },
      capabilities: [echo],
      definitions: { Point },
    });
    expect(JSON.parse(JSON.stringify(built))).toEqual(startup.schema);
  });

  test('is read as plain data', () => {
    const description = readServiceSchema(startup.schema);
    expect(description.hierarchy).toEqual({
      organization: 'bench-org',
      facility: 'bench-fac',
      system: 'bench-sys',
      subsystem: 'bench-sub',
      service: 'py-echo-mqtt',
    });
    expect(description.protocolVersion).toBe('0.9.6');
    expect(description.capabilities.map(({ name }) => name)).toEqual(['intersect_sdk', 'Echo']);
    const [, echo] = description.capabilities;
    expect(echo?.operations.find(({ name }) => name === 'fail')).toEqual({
      name: 'fail',
      response: { schema: { type: 'string', title: 'fail' }, contentType: 'application/json' },
    });
    expect(echo?.events).toEqual([
      { name: 'ticked', schema: { type: 'integer', title: 'ticked' }, contentType: 'application/json' },
    ]);
    expect(echo?.status).toEqual({ type: 'string', title: 'Status' });
  });

  test('has a status that fits what it says of it', () => {
    const { capabilities, definitions } = readServiceSchema(startup.schema);
    for (const { name, status } of capabilities) {
      const check = compileCheck(status ?? false, { definitions });
      expect(check(startup.status[name as 'Echo'])).toMatchObject({ ok: true });
    }
  });
});

describe('the reference’s document of most forms', () => {
  const { capabilities, definitions } = readServiceSchema(probe);
  const [described] = capabilities;

  test('is read with its quirks undone', () => {
    const image = described?.operations.find(({ name }) => name === 'img');
    expect([image?.request?.contentType, image?.response.contentType]).toEqual([
      'application/octet-stream',
      'image/png',
    ]);
    expect(
      described?.events.map(({ name, contentType, description }) => ({ name, contentType, description })),
    ).toEqual([
      { name: 'tick', contentType: 'application/json', description: 'a tick' },
      { name: 'snap', contentType: 'image/png', description: undefined },
      { name: 'made', contentType: 'application/json', description: undefined },
    ]);
    expect(described?.operations.find(({ name }) => name === 'noargs')?.request).toBeUndefined();
    expect(described?.description).toBe('Probe capability.');
  });

  test('has schemas that all compile', () => {
    const schemas = [
      ...(described?.operations.flatMap(({ request, response }) =>
        request ? [request.schema, response.schema] : [response.schema],
      ) ?? []),
      ...(described?.events.map(({ schema }) => schema) ?? []),
      described?.status ?? false,
    ];
    expect(schemas).toHaveLength(15);
    for (const schema of schemas) expect(compileCheck(schema, { definitions })).toBeInstanceOf(Function);
  });

  test('fills the defaults of its types', () => {
    const check = compileCheck(described?.status ?? false, { definitions, mode: 'lenient' });
    expect(check({ name: 'n', size: '7' })).toEqual({
      ok: true,
      value: { name: 'n', size: 7, mode: 'fast', note: null },
    });
  });
});
