import { readFileSync } from 'node:fs';
import { compileCheck, readServiceSchema } from '@intersect-sdk/schema';
import { describe, expect, it } from 'vitest';
import { Binary, defineCapability, intersectSchema, Type } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';

// Made by the Python SDK from a capability that shows most forms.
const reference = JSON.parse(
  readFileSync(new URL('../fixtures/schema-probe.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, Record<string, unknown>>>;

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

// The same capability as the reference's, as a user of this package declares it.
const Probe = defineCapability({
  name: 'Probe',
  description: 'Probe capability.',
  operations: {
    when: {
      request: Type.String({ title: 'd', format: 'date-time' }),
      response: Type.Record(Type.String(), Type.Integer()),
    },
    obj: { description: 'Takes a sample.\n\nMore text.', request: Sample, response: Type.Array(Sample) },
    opt: {
      request: Type.Union([Type.Integer(), Type.Null()], { title: 'v' }),
      response: Type.Union([Type.Literal('a'), Type.Literal('b')]),
    },
    deflt: { request: Type.Integer({ title: 'n', default: 5 }), response: Type.Number() },
    noargs: { description: 'No args.' },
    img: { request: Binary('application/octet-stream'), response: Binary('image/png') },
  },
  events: {
    tick: { schema: Type.Integer(), description: 'a tick' },
    snap: { schema: Binary('image/png') },
    made: { schema: Sample },
  },
  status: { schema: Sample },
});

const hierarchy = { organization: 'org-a', facility: 'fac-a', system: 'sys-a', service: 'svc-a' };

describe('the schema document of declared capabilities', () => {
  const document = JSON.parse(JSON.stringify(intersectSchema([Probe], hierarchy)));

  it("is the reference's for the same capability", () => {
    // The reference's was made without a service around it, so it lacks what every service's has:
    // the capability intersect_sdk, its status, and the message traits.
    const { intersect_sdk: core, ...capabilities } = document.capabilities;
    const { IntersectCoreStatus: coreStatus, ...schemas } = document.components.schemas;
    expect({ ...document, capabilities, components: { schemas } }).toEqual(reference);
    expect(core).toEqual({
      endpoints: {},
      events: {},
      status: { $ref: '#/components/schemas/IntersectCoreStatus' },
    });
    expect(coreStatus.required).toHaveLength(10);
    expect(Object.keys(document.components.messageTraits.commonHeaders)).toEqual([
      'userspaceHeaders',
      'eventHeaders',
    ]);
  });

  it('does not depend on the order of the declaration', () => {
    const { operations = {}, ...rest } = Probe.declaration;
    const reversed = Object.fromEntries(Object.entries(operations).reverse()) as typeof operations;
    const other = intersectSchema([defineCapability({ ...rest, operations: reversed })], hierarchy);
    expect(JSON.stringify(other)).toBe(JSON.stringify(document));
  });

  it('has payload schemas that can all be compiled', () => {
    const { capabilities, definitions } = readServiceSchema(document);
    const payloads = capabilities.flatMap(({ operations, events, status }) => [
      ...operations.flatMap(({ request, response }) => [request?.schema, response.schema]),
      ...events.map(({ schema }) => schema),
      status,
    ]);
    const schemas = payloads.filter((schema) => schema !== undefined);
    expect(schemas).toHaveLength(16);
    for (const schema of schemas) expect(compileCheck(schema, { definitions })).toBeTypeOf('function');
  });

  it('is made from an implemented capability as well', () => {
    const Small = defineCapability({ name: 'Small', operations: { go: {} } });
    expect(intersectSchema([Small.implement({ go: () => {} })], HIERARCHY)).toEqual(
      intersectSchema([Small], HIERARCHY),
    );
  });

  it('is refused when two different types have one name', () => {
    const one = Type.Object({ a: Type.Integer() }, { $id: 'Point' });
    const other = Type.Object({ a: Type.String() }, { $id: 'Point' });
    const First = defineCapability({ name: 'First', operations: { go: { request: one } } });
    const Second = defineCapability({ name: 'Second', operations: { stop: {}, go: { request: other } } });
    expect(() => intersectSchema([First, Second], HIERARCHY)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        issues: [
          {
            path: 'capabilities[1].operations.go.request',
            message: expect.stringContaining("another type than the one that is already called 'Point'"),
          },
        ],
      }),
    );
  });

  it('has the definitions of its capabilities, as far as they are used', () => {
    const ref = { $ref: '#/components/schemas/Size' };
    const definitions = { Size: { type: 'integer', minimum: 1 }, Unused: { type: 'null' } };
    const First = defineCapability({ name: 'First', definitions, operations: { go: { request: ref } } });
    const Second = defineCapability({ name: 'Second', definitions, status: { schema: ref } });
    const { components, capabilities } = intersectSchema([First, Second], HIERARCHY);
    expect(Object.keys(components.schemas)).toEqual(['IntersectCoreStatus', 'Size']);
    expect(capabilities.Second).toMatchObject({ status: ref });
  });

  it('is refused when two capabilities define one name in two ways', () => {
    const status = { schema: { $ref: '#/components/schemas/Size' } };
    const First = defineCapability({ name: 'First', status, definitions: { Size: { type: 'integer' } } });
    const Second = defineCapability({ name: 'Second', status, definitions: { Size: { type: 'string' } } });
    expect(() => intersectSchema([First, Second], HIERARCHY)).toThrow(
      expect.objectContaining({
        issues: [
          {
            path: 'capabilities[1].definitions.Size',
            message: expect.stringContaining('another type than the one of this name'),
          },
        ],
      }),
    );
  });

  it.each(['before', 'after'])(
    'is refused where an $id has a defined name for another type, %s it',
    (when) => {
      const request = Type.Object({ a: Type.String() }, { $id: 'Size' });
      const ById = defineCapability({ name: 'ById', operations: { go: { request } } });
      const status = { schema: { $ref: '#/components/schemas/Size' } };
      const Defined = defineCapability({
        name: 'Defined',
        status,
        definitions: { Size: { type: 'integer' } },
      });
      const capabilities = when === 'before' ? [ById, Defined] : [Defined, ById];
      expect(() => intersectSchema(capabilities, HIERARCHY)).toThrow(
        expect.objectContaining({
          issues: [
            {
              path: when === 'before' ? 'definitions.Size' : 'capabilities[1].operations.go.request',
              message: expect.stringContaining("another type than the one that is already called 'Size'"),
            },
          ],
        }),
      );
    },
  );

  it('has one type where an $id and a definition say the same, which may refer to itself', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#/components/schemas/Tree' } } };
    const ById = defineCapability({
      name: 'ById',
      status: { schema: { ...tree, $id: 'Tree' } },
      definitions: { Tree: tree },
    });
    expect(intersectSchema([ById], HIERARCHY).components.schemas).toMatchObject({
      Tree: { ...tree, title: 'Tree' },
    });
  });

  it('is refused where a default does not fit a defined type', () => {
    const request = { allOf: [{ $ref: '#/components/schemas/Size' }], default: 0 };
    const definitions = { Size: { type: 'integer', minimum: 1 } };
    const Wrong = defineCapability({ name: 'Wrong', definitions, operations: { go: { request } } });
    expect(() => intersectSchema([Wrong], HIERARCHY)).toThrow(
      expect.objectContaining({
        issues: [expect.objectContaining({ path: 'capabilities[0].operations.go.request.default' })],
      }),
    );
  });
});
