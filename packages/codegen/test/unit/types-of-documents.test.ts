import { describe, expect, test } from 'vitest';
import { generateContract } from '../../src/index.js';
import { problemsOf } from '../support/compile.js';
import { documentOf, endpoint, fixture, recorded } from '../support/documents.js';

const all = new Map([...recorded, ['schema-probe', fixture('schema-probe.json')]]);

/** The type of an argument or an answer, as the module says it. */
function typeOf(schema: object, schemas: object = {}, direction: 'argument' | 'answer' = 'answer'): string {
  const document = documentOf({ endpoints: { op: endpoint(schema, schema) } }, schemas);
  const text = generateContract(document).replaceAll(/\s+/g, ' ');
  const [, argument, answer] =
    /op: \{ (?:\/\*\*.*?\*\/ )?argument: (.*); (?:\/\*\*.*?\*\/ )?answer: (.*?); \}; \}; events:/.exec(
      text,
    ) ?? [];
  return String(direction === 'argument' ? argument : answer);
}

test('the contracts of all recorded documents compile under the strictest settings', () => {
  const files = Object.fromEntries(
    [...all].map(([name, document]) => [`${name}.ts`, generateContract(document)]),
  );
  expect(Object.keys(files)).toHaveLength(7);
  expect(problemsOf(files)).toEqual([]);
  // Users have other settings, too.
  expect(problemsOf(files, { exactOptionalPropertyTypes: false, isolatedDeclarations: false })).toEqual([]);
});

describe('a schema becomes a type', () => {
  test.each([
    [{ type: 'integer' }, 'number'],
    [{ type: 'array', items: { type: 'integer' } }, 'number[]'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'number | null'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }, '(number | null)[]'],
    [
      { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], minItems: 2, maxItems: 2 },
      '[number, string]',
    ],
    [
      {
        type: 'array',
        prefixItems: [{ type: 'integer' }, { type: 'string' }],
        minItems: 1,
        items: { type: 'null' },
      },
      '[number, string?, ...null[]]',
    ],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, '{ [key: string]: number }'],
    [
      { type: 'object', patternProperties: { '^-?[0-9]+$': { type: 'string' } } },
      '{ [key: string]: string }',
    ],
    [
      { type: 'object', propertyNames: { enum: ['a', 'b'] }, additionalProperties: { type: 'integer' } },
      '{ a?: number; b?: number; }',
    ],
    [{ type: 'object', properties: {}, additionalProperties: false }, '{ [key: string]: never }'],
    [{ enum: ['a', 1, null], type: 'string' }, '"a" | 1 | null'],
    [{ const: 'it\'s "one"', type: 'string' }, '"it\'s \\"one\\""'],
    [{ type: 'string', format: 'binary', contentMediaType: 'image/png' }, 'Uint8Array'],
    [{ type: 'string', format: 'binary' }, 'string'],
    [
      {
        oneOf: [
          { type: 'string' },
          { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        ],
      },
      'string | { a: number; }',
    ],
    [
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
          { properties: { b: { type: 'string' } } },
        ],
      },
      '{ a: number; } & { b?: string; }',
    ],
    [
      { type: 'object', properties: { 'a-b': { type: 'string' }, __proto__: { type: 'null' } } },
      '{ "a-b"?: string; }',
    ],
    [{}, 'unknown'],
  ])('%j', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  test('a field named as the prototype is a field', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"null"}},"required":["__proto__"]}',
    );
    expect(typeOf(schema)).toBe('{ __proto__: null; }');
  });

  test('a named type that refers to itself', () => {
    const Json = {
      anyOf: [{ type: 'null' }, { type: 'array', items: { $ref: '#/components/schemas/Json' } }],
    };
    const text = generateContract(documentOf({ status: { $ref: '#/components/schemas/Json' } }, { Json }));
    expect(text).toContain('export type Json = null | Json[];');
  });

  test('a reference into a type is a type of its own', () => {
    const Tree = {
      type: 'object',
      properties: { nodes: { type: 'array', items: { $ref: '#/components/schemas/Tree/properties/nodes' } } },
    };
    const text = generateContract(documentOf({ status: { $ref: '#/components/schemas/Tree' } }, { Tree }));
    expect(text).toContain('export type TreePropertiesNodes = TreePropertiesNodes[];');
    expect(problemsOf({ 'tree.ts': text })).toEqual([]);
  });
});

describe('defaults make two types', () => {
  const Size = {
    type: 'object',
    properties: { width: { type: 'integer' }, height: { type: 'integer', default: 1 } },
    required: ['width'],
  };
  const Box = { type: 'object', properties: { size: { $ref: '#/components/schemas/Size' } } };
  const Plain = { type: 'object', properties: { name: { type: 'string' } } };
  const schemas = { Box, Plain, Size };
  const document = documentOf(
    {
      endpoints: {
        box: endpoint({ $ref: '#/components/schemas/Box' }, { $ref: '#/components/schemas/Box' }),
      },
      status: { $ref: '#/components/schemas/Plain' },
    },
    schemas,
  );
  const text = generateContract(document).replaceAll(/\s+/g, ' ');

  test('of a type with defaults and of those that hold it, of no other one', () => {
    expect(text).toContain('export type Size = { width: number; /** @default 1 */ height: number; };');
    expect(text).toContain('export type SizeInput = { width: number; /** @default 1 */ height?: number; };');
    expect(text).toContain('export type Box = { size?: Size; };');
    expect(text).toContain('export type BoxInput = { size?: SizeInput; };');
    expect(text).toContain('argument: BoxInput; answer: Box;');
    expect(text).not.toContain('PlainInput');
  });

  test('an argument with a default may be left out', () => {
    expect(typeOf({ type: 'integer', default: 5 }, {}, 'argument')).toBe('number | undefined');
    expect(typeOf({ type: 'integer', default: 5 }, {}, 'answer')).toBe('number');
  });

  test('what tells the choices of a union apart is there in both', () => {
    const shape = (tag: string) => ({ type: 'object', properties: { shape: { const: tag, default: tag } } });
    const union = {
      oneOf: [{ $ref: '#/components/schemas/Square' }, { $ref: '#/components/schemas/Circle' }],
      discriminator: { propertyName: 'shape', mapping: {} },
    };
    const shapes = { Square: shape('square'), Circle: shape('circle') };
    expect(typeOf(union, shapes)).toBe('Square | Circle');
    expect(typeOf(union, shapes, 'argument')).toBe(
      'SquareInput & { shape: "square" } | CircleInput & { shape: "circle" }',
    );
  });
});

test('nothing is unknown but what the schema says nothing of', () => {
  for (const [name, document] of recorded) {
    const [types = ''] = generateContract(document).split('const document =');
    const lines = types.split('\n').filter((line) => line.includes('unknown'));
    // A type of which the document says only that it is itself, and a model that takes all other fields.
    expect(lines, name).toEqual(['export type Alone = unknown;', '  [key: string]: unknown;']);
  }
});

test('limits, formats and descriptions stand in comments', () => {
  const text = generateContract(recorded.get('python-sdk-0.9.3'));
  expect(text).toContain('  /**\n   * How many.\n   * @minimum 0\n   * @maximum 10\n   */\n  count: number;');
  expect(text).toContain('  /** @format date-time */\n  at: string;');
  expect(text).toContain('   * @items minLength 1\n   * @items maxLength 9\n   */\n  words: string[];');
  expect(text).toContain(' * Each of its children is one *\\/ too.');
  expect(text).toContain('/** Takes pictures. */\nexport const Camera');
});

test('names come from names of types and never from titles', () => {
  const document = documentOf({
    endpoints: {
      op: endpoint(
        {
          type: 'object',
          title: 'Request',
          properties: { p: { title: 'Param', type: 'object', properties: { a: { type: 'null' } } } },
        },
        { type: 'null', title: 'op' },
      ),
    },
  });
  expect(generateContract(document)).not.toMatch(/export type/);
});

test('names that are no names of TypeScript, or taken, become others', () => {
  const type = { type: 'integer' };
  const schemas = {
    'Box[int]': type,
    Box_int_: type,
    BoxInt: type,
    string: type,
    class: type,
    C: type,
    'C-Input': type,
    '1': type,
    defineCapability: type,
  };
  const status = {
    type: 'array',
    prefixItems: Object.keys(schemas).map((name) => ({ $ref: `#/components/schemas/${name}` })),
    minItems: 9,
  };
  const text = generateContract(documentOf({ status }, schemas));
  expect([...text.matchAll(/export type (\S+) /g)].map(([, name]) => name)).toEqual([
    '_1',
    'BoxInt',
    'BoxInt2',
    'Box_int_',
    'C',
    'CInput',
    'class2',
    'defineCapability2',
    'string2',
  ]);
  expect(text).toContain('export const C2: CapabilityDefinition<C2Shape>');
  expect(problemsOf({ 'names.ts': text })).toEqual([]);
});

test('the same document gives the same text, in whatever order its types stand', () => {
  const document = fixture('schema-probe.json');
  const { schemas } = document.components;
  const reversed = Object.fromEntries(Object.entries(schemas).toReversed());
  const text = generateContract(document);
  expect(generateContract(JSON.parse(JSON.stringify(document)))).toBe(text);
  const [types] = generateContract({ ...document, components: { schemas: reversed } }).split(
    'const document',
  );
  expect(types).toBe(text.split('const document')[0]);
});
