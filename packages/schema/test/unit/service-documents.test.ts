import type { ConfigError, MessageError } from '@intersect-sdk/core';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { buildServiceSchema, type CapabilityInput, readServiceSchema } from '../../src/index.js';

const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
const build = (...capabilities: CapabilityInput[]) => buildServiceSchema({ hierarchy, capabilities });

function refusalOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    return (error as ConfigError | MessageError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

describe('making a document', () => {
  test('the core capability stands first, whether it is given or not', () => {
    const own: CapabilityInput = { name: 'Own', status: Type.String() };
    const core: CapabilityInput = { name: 'intersect_sdk', status: Type.Integer() };
    expect(Object.keys(build(own).capabilities)).toEqual(['intersect_sdk', 'Own']);
    expect(Object.keys(build(own, core).capabilities)).toEqual(['intersect_sdk', 'Own']);
    expect(build(own, core).capabilities.intersect_sdk).toMatchObject({ status: { type: 'integer' } });
  });

  test('operations stand in the order of their names, events as they are given', () => {
    const { capabilities } = build({
      name: 'C',
      operations: [{ name: 'b' }, { name: 'a' }, { name: 'B' }],
      events: [
        { name: 'z', schema: Type.Null() },
        { name: 'y', schema: Type.Null() },
      ],
    });
    const { endpoints, events } = capabilities.C as { endpoints: object; events: object };
    expect([Object.keys(endpoints), Object.keys(events)]).toEqual([
      ['B', 'a', 'b'],
      ['z', 'y'],
    ]);
  });

  test('types with an $id are named, wherever they stand', () => {
    const Point = Type.Object({ x: Type.Number() }, { $id: 'Point' });
    const Line = Type.Object({ from: Point, to: Type.Union([Point, Type.Null()]) }, { $id: 'Line' });
    const { components, capabilities } = build({
      name: 'C',
      operations: [{ name: 'f', request: { schema: Type.Array(Line) }, response: { schema: Point } }],
    });
    expect(Object.keys(components.schemas)).toEqual(['IntersectCoreStatus', 'Line', 'Point']);
    expect(components.schemas.Line).toEqual({
      type: 'object',
      title: 'Line',
      required: ['from', 'to'],
      properties: {
        from: { $ref: '#/components/schemas/Point' },
        to: { anyOf: [{ $ref: '#/components/schemas/Point' }, { type: 'null' }], title: 'To' },
      },
    });
    expect(capabilities.C).toMatchObject({
      endpoints: { f: { publish: { message: { payload: { $ref: '#/components/schemas/Point' } } } } },
    });
  });

  test('a type that refers to itself is named too', () => {
    const tree = Type.Cyclic({ Tree: Type.Object({ leaves: Type.Array(Type.Ref('Tree')) }) }, 'Tree');
    const { components } = build({ name: 'C', status: tree });
    expect(components.schemas.Tree).toMatchObject({
      properties: { leaves: { items: { $ref: '#/components/schemas/Tree' } } },
    });
  });

  test('a default beside a named type stands beside an allOf', () => {
    const { capabilities } = buildServiceSchema({
      hierarchy,
      definitions: { Mode: { enum: ['a', 'b'] } },
      capabilities: [
        {
          name: 'C',
          operations: [
            { name: 'f', request: { schema: Type.Ref('Mode', { default: 'a' }), parameter: 'p' } },
          ],
        },
      ],
    });
    expect(capabilities.C).toMatchObject({
      endpoints: {
        f: {
          subscribe: {
            message: {
              payload: { allOf: [{ $ref: '#/components/schemas/Mode' }], default: 'a', title: 'p' },
            },
          },
        },
      },
    });
  });

  test('the input is left as it is', () => {
    const schema = Type.Object({ a: Type.Literal(1) }, { $id: 'A' });
    const before = JSON.stringify(schema);
    build({ name: 'C', status: schema });
    expect(JSON.stringify(schema)).toBe(before);
  });

  test('everything that is wrong is refused at once', () => {
    const png = { type: 'string', format: 'binary', contentMediaType: 'image/png' };
    const input = {
      hierarchy: { ...hierarchy, system: 'S' },
      capabilities: [
        { name: 'a-b', status: Type.Integer() },
        {
          name: 'C',
          operations: [{ name: '1f' }, { name: 'f' }, { name: 'f' }],
          events: [{ name: '*', schema: Type.Null() }],
        },
        { name: 'C', status: Type.Ref('Nowhere') },
        {
          name: 'D',
          operations: [
            { name: 'a', request: { schema: Type.Integer(), contentType: 'image/png' } },
            { name: 'b', request: { schema: png, contentType: 'image/jpeg' } },
            { name: 'c', request: { schema: png, contentType: 'application/json' } },
            { name: 'd', request: { schema: png, contentType: 'image/png; q=1' } },
            { name: 'e', response: { schema: Type.Object({ n: Type.Optional(Type.This()) }) } },
          ],
          events: [
            { name: 'x', schema: Type.Object({ a: Type.Null() }, { $id: 'T' }) },
            { name: 'y', schema: Type.Object({ b: Type.Null() }, { $id: 'T' }) },
          ],
        },
      ],
    };
    const refusal = refusalOf(() => buildServiceSchema(input));
    expect(refusal.map((text) => text.slice(0, text.indexOf(':')))).toEqual([
      'hierarchy.system',
      'capabilities[0].name',
      'capabilities[1].operations[2].name',
      'capabilities[1].operations[0].name',
      'capabilities[1].events[0].name',
      'capabilities[3].operations[0].request',
      'capabilities[3].operations[1].request',
      'capabilities[3].operations[2].request',
      'capabilities[3].operations[3].request.contentType',
      'capabilities[3].operations[4].response.properties.n.$ref',
      'capabilities[2].name',
      'capabilities[2].status.$ref',
      'capabilities[3].events[1]',
    ]);
  });
});

describe('reading a document', () => {
  const minimal = { info: { title: 'org.fac.sys.-.svc' }, 'x-intersect-version': '0.9.6', capabilities: {} };

  test('needs little', () => {
    expect(readServiceSchema(minimal)).toEqual({
      address: 'org.fac.sys.-.svc',
      hierarchy,
      protocolVersion: '0.9.6',
      capabilities: [],
      definitions: {},
    });
  });

  test('leaves out what it does not know', () => {
    const document = {
      ...minimal,
      'x-more': 1,
      capabilities: {
        C: { more: 1, endpoints: { f: { more: 1, publish: { more: 1, message: { payload: true } } } } },
      },
      components: { more: 1 },
    };
    expect(readServiceSchema(document).capabilities).toEqual([
      {
        name: 'C',
        operations: [{ name: 'f', response: { schema: true, contentType: 'application/json' } }],
        events: [],
      },
    ]);
  });

  test('does not trust content types that stand on the wrong side, nor on the right one', () => {
    const bytes = { type: 'string', format: 'binary', contentMediaType: 'text/csv' };
    const message = (contentType: string, payload: unknown) => ({ message: { contentType, payload } });
    const endpoints = {
      swapped: {
        publish: message('image/png', { type: 'integer' }),
        subscribe: message('application/json', bytes),
      },
      right: {
        publish: message('application/json', { type: 'integer' }),
        subscribe: message('text/csv', bytes),
      },
    };
    const [capability] = readServiceSchema({ ...minimal, capabilities: { C: { endpoints } } }).capabilities;
    for (const operation of capability?.operations ?? []) {
      expect([operation.request?.contentType, operation.response.contentType]).toEqual([
        'text/csv',
        'application/json',
      ]);
    }
  });

  test.each([null, undefined, 5, 'text', []])('%j is none', (json) => {
    expect(refusalOf(() => readServiceSchema(json))).toHaveLength(1);
  });

  test('every problem is named', () => {
    const document = {
      info: { title: 5 },
      capabilities: {
        A: 5,
        B: {
          endpoints: { f: {}, g: { publish: { message: { payload: 'x' } }, subscribe: 5 } },
          events: { e: {}, h: 5 },
          status: 'x',
        },
        C: { endpoints: [], description: {} },
      },
      components: { schemas: { T: 5 } },
    };
    expect(refusalOf(() => readServiceSchema(document))).toEqual([
      'info.title: must be a string, got number',
      'x-intersect-version: is missing',
      'capabilities.A: must be an object, got number',
      'capabilities.B.status: must be an object, got string',
      'capabilities.B.endpoints.f.publish: is missing',
      'capabilities.B.endpoints.g.subscribe: must be an object, got number',
      'capabilities.B.endpoints.g.publish.message.payload: must be an object, got string',
      'capabilities.B.events.e.payload: is missing',
      'capabilities.B.events.h: must be an object, got number',
      'capabilities.C.description: must be a string, got an object',
      'capabilities.C.endpoints: must be an object, got a list',
      'components.schemas.T: must be an object, got number',
    ]);
  });

  test('the error shows nothing of the document, and has an end', () => {
    const capabilities = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`c${n}`, 'hunter2']));
    const refusal = refusalOf(() => readServiceSchema({ ...minimal, capabilities }));
    expect(refusal).toHaveLength(50);
    expect(refusal.join()).not.toContain('hunter2');
  });

  test('a name like __proto__ harms nothing', () => {
    const document = JSON.parse(
      '{"info":{"title":"a.b"},"x-intersect-version":"0.9.6","capabilities":{"__proto__":{"status":{"type":"integer"}}},"components":{"schemas":{"__proto__":{"type":"integer"}}}}',
    ) as unknown;
    const { capabilities, definitions } = readServiceSchema(document);
    expect(capabilities.map(({ name }) => name)).toEqual(['__proto__']);
    expect(Object.keys(definitions)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(definitions)).toBe(Object.prototype);
  });
});

describe('documents of other versions', () => {
  const message = { message: { payload: { type: 'integer' } } };
  const document = (capability: object, version = '0.9.6') => ({
    'x-intersect-version': version,
    info: { title: 'a.b.c.-.d' },
    capabilities: { Probe: capability },
  });

  test.each([
    [{ type: 'string', title: 'hello_event' }],
    [{ $ref: '#/components/schemas/Size' }],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }],
    [{ enum: ['a', 'b'] }],
    [{ title: 'anything' }],
  ])('an event may be its bare schema: %j', (schema) => {
    const { capabilities } = readServiceSchema(document({ endpoints: {}, events: { hello: schema } }));
    expect(capabilities[0]?.events).toEqual([{ name: 'hello', schema, contentType: 'application/json' }]);
  });

  test('what is no schema and has no payload is still refused', () => {
    expect(() => readServiceSchema(document({ events: { hello: { traits: {} } } }))).toThrow(
      /cannot be read/,
    );
  });

  test.each(['0.7.0', '0.8.2'])('operations of %s stand under channels', (version) => {
    const channels = { add: { publish: message, subscribe: message } };
    const { capabilities, protocolVersion } = readServiceSchema(document({ channels }, version));
    expect(protocolVersion).toBe(version);
    expect(capabilities[0]?.operations.map(({ name }) => name)).toEqual(['add']);
  });

  test('a wrong one there is named where it stands', () => {
    try {
      readServiceSchema(document({ channels: { add: { publish: 5 } } }, '0.8.0'));
      expect.unreachable();
    } catch (error) {
      expect((error as { issues: { path: string }[] }).issues[0]?.path).toBe(
        'capabilities.Probe.channels.add.publish',
      );
    }
  });
});
