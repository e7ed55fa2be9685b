import { kindOf } from '@intersect-sdk/core/internal';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { compileCheck, type JsonSchema } from '../../src/index.js';
import { issuesOf, refusalOf } from './checking.js';

describe('types that are several kinds of themselves', () => {
  const kind = (field: string) => ({
    type: 'object',
    properties: {
      child: { anyOf: [{ $ref: 'A' }, { $ref: 'B' }, { type: 'integer' }] },
      [field]: { type: 'string' },
    },
  });
  const definitions = { A: kind('a'), B: kind('b') };
  const nested = (depth: number, end: unknown): unknown =>
    depth === 0 ? end : { child: nested(depth - 1, end) };

  test.each(['strict', 'lenient'] as const)('are checked to any depth where they fit, %s', (mode) => {
    expect(compileCheck({ $ref: 'A' }, { definitions, mode })(nested(300, 1)).ok).toBe(true);
  });

  test.each(['strict', 'lenient'] as const)('do not keep a program busy where they do not, %s', (mode) => {
    expect(issuesOf({ $ref: 'A' }, nested(300, 'x'), { definitions, mode })).toEqual([
      ': takes too long to check: its type is several kinds of itself, and it is nested deep',
    ]);
  });

  test('are still explained where that is possible', () => {
    expect(issuesOf({ $ref: 'A' }, nested(3, 'x'), { definitions })).toEqual([
      'child.child.child: must be an object or a whole number',
    ]);
  });
});

test('a value that goes round in circles is refused, not followed for ever', () => {
  const circle: Record<string, unknown> = { value: 1 };
  circle.next = circle;
  const Node = Type.Object({ value: Type.Integer(), next: Type.Optional(Type.This()) }, { $id: 'Node' });
  expect(issuesOf(Node, circle)).toHaveLength(1);
  expect(issuesOf(Node, circle, { mode: 'lenient' })).toHaveLength(1);
});

describe('schemas that cannot be used', () => {
  test('are refused with every problem', () => {
    const schema = {
      type: 'strin',
      minLength: -1,
      properties: {
        a: 5,
        b: { required: [1] },
        c: { $ref: 'Nowhere' },
        d: { $ref: 'https://example.org/x' },
        e: { maximum: 1n },
      },
    };
    expect(refusalOf(schema).map((text) => text.split(':')[0])).toEqual(
      expect.arrayContaining([
        'type',
        'minLength',
        'properties.a',
        'properties.b.required[0]',
        'properties.c.$ref',
        'properties.d.$ref',
        'properties.e.maximum',
      ]),
    );
  });

  test.each([null, undefined, 5, 'string', []])('%j is no schema', (schema) => {
    expect(refusalOf(schema as unknown as JsonSchema)).toEqual([
      `: must be a JSON Schema, got ${kindOf(schema)}`,
    ]);
  });

  test.each<[string, JsonSchema, Record<string, JsonSchema>]>([
    ['a type that is itself', { $ref: '#/components/schemas/A' }, { A: { $ref: '#/components/schemas/A' } }],
    [
      'types that are each other',
      { $ref: 'A' },
      { A: { anyOf: [{ $ref: 'B' }] }, B: { allOf: [{ $ref: 'A' }] } },
    ],
    ['a schema that is itself', { anyOf: [{ type: 'null' }, { $ref: '#' }] }, {}],
  ])('%s', (_what, schema, definitions) => {
    expect(refusalOf(schema, { definitions })).toEqual([
      ': refers to itself without going into a field or an item',
    ]);
  });

  test('references that multiply', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `T${n}`,
        n === 39 ? { type: 'integer' } : { allOf: [{ $ref: `T${n + 1}` }, { $ref: `T${n + 1}` }] },
      ]),
    );
    expect(refusalOf({ $ref: 'T0' }, { definitions })).toEqual([
      ': refers to other types so often that checking would take too long',
    ]);
  });

  test('schemas that are too deep or too large', () => {
    let deep: JsonSchema = { type: 'integer' };
    for (let level = 0; level < 100_000; level++) deep = { items: deep };
    expect(refusalOf(deep)).toEqual([expect.stringContaining('is nested deeper than 200 levels')]);
    const loop: Record<string, unknown> = {};
    loop.items = loop;
    expect(refusalOf(loop)).toEqual([expect.stringContaining('is nested deeper than 200 levels')]);
    const large = { anyOf: Array.from({ length: 60_000 }, () => ({ type: 'integer' })) };
    expect(refusalOf(large)).toEqual([expect.stringContaining('has more than 20000 parts')]);
  });

  test('a chain of references that is too long', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, n) => [
        `T${n}`,
        n === 19_999 ? { type: 'integer' } : { $ref: `T${n + 1}` },
      ]),
    );
    expect(refusalOf({ $ref: 'T0' }, { definitions })).toHaveLength(1);
  });
});
