import { readFileSync } from 'node:fs';
import { makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import type { Hierarchy } from '@intersect-sdk/core';
import { readServiceSchema } from '@intersect-sdk/schema/document';
import { IntersectService } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { generatorOf } from '../../src/mock/generate.js';
import { mockCapabilities } from '../../src/mock/mock-capabilities.js';

const file = new URL('../fixtures/schema-probe.json', import.meta.url);
const document = JSON.parse(readFileSync(file, 'utf8')) as { components: { schemas: object } };
const { capabilities, definitions } = readServiceSchema(document);
const answers = capabilities.flatMap((capability) =>
  capability.operations.map(({ name, response }) => ({ name: `${capability.name}.${name}`, response })),
);

test('a mock is a service with the types that its capabilities use, whatever the core capability of the other SDK is like', () => {
  const foreign = { type: 'object', properties: { mood: { type: 'string' } } };
  const schemas = { ...document.components.schemas, IntersectCoreStatus: foreign };
  const described = readServiceSchema({ ...document, components: { ...document.components, schemas } });
  const capabilities = mockCapabilities(described, { seed: 1, onAnswer: () => {} });
  const { schema } = new IntersectService(capabilities, {
    hierarchy: described.hierarchy as Hierarchy,
    brokers: [memoryTransport(new MemoryBroker())],
  });
  const names = Object.keys(schema.components.schemas);
  expect(names).toEqual(expect.arrayContaining(Object.keys(definitions)));
  expect(schema.components.schemas.IntersectCoreStatus).not.toHaveProperty('properties.mood');
});

describe('generated values', () => {
  test.each(answers)('of $name fit its schema', ({ name, response }) => {
    const generate = generatorOf(name, response, { definitions, seed: 1 });
    const values = Array.from({ length: 20 }, generate);
    if (response.contentType !== 'application/json') {
      for (const value of values) expect(value).toBeInstanceOf(Uint8Array);
      return;
    }
    const check = makeCheck(prepareSchema(response.schema, { definitions }));
    for (const value of values) expect(check(value)).toMatchObject({ ok: true });
  });

  test('are the same for the same seed, and others for another', () => {
    const schema = { type: 'string', minLength: 8 };
    const three = (seed: number, name = 'A.b') => {
      const generate = generatorOf(
        name,
        { schema, contentType: 'application/json' },
        { definitions: {}, seed },
      );
      return [generate(), generate(), generate()];
    };
    expect(three(1)).toEqual(three(1));
    expect(three(2)).not.toEqual(three(1));
    expect(three(1, 'A.c')).not.toEqual(three(1));
    expect(new Set(three(1)).size).toBe(3);
  });

  test('of a type that holds itself end', () => {
    const node = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#/components/schemas/Node' }, { type: 'null' }] } },
      required: ['next'],
    };
    const payload = { schema: { $ref: '#/components/schemas/Node' }, contentType: 'application/json' };
    const generate = generatorOf('A.b', payload, { definitions: { Node: node }, seed: 1 });
    expect(Array.from({ length: 5 }, generate)).toHaveLength(5);
  });

  test('that cannot be found are an error for who asks', () => {
    const payload = { schema: { type: 'integer', minimum: 2, maximum: 1 }, contentType: 'application/json' };
    const generate = generatorOf('A.b', payload, { definitions: {}, seed: 1 });
    expect(generate).toThrow('No value was found that fits the schema of A.b.');
  });
});
