import { readFileSync } from 'node:fs';
import { makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { readServiceSchema } from '@intersect-sdk/schema/document';
import { describe, expect, test } from 'vitest';
import { generatorOf } from '../../src/mock/generate.js';

const file = new URL('../fixtures/schema-probe.json', import.meta.url);
const { capabilities, definitions } = readServiceSchema(JSON.parse(readFileSync(file, 'utf8')));
const answers = capabilities.flatMap((capability) =>
  capability.operations.map(({ name, response }) => ({ name: `${capability.name}.${name}`, response })),
);

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
