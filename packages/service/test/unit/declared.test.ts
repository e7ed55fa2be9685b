import type { CapabilityDeclaration, OperationDeclaration } from '@intersect-sdk/contract/plain';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';
import { defineCapability, IntersectService, intersectSchema, Type } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';

test('a service takes everything that can be declared', () => {
  const schema = Type.String();
  const go = {
    description: 'd',
    request: schema,
    response: schema,
    responseDataHandler: 'MESSAGE',
    ignoreKeys: ['laser'],
    validation: 'strict',
    idempotent: true,
    concurrency: 2,
    timeLimitMs: 5,
    acknowledge: 'on-start',
  } satisfies Required<OperationDeclaration>;
  const declaration = {
    name: 'Cap',
    description: 'd',
    concurrency: 2,
    operations: { go },
    events: { e: { schema, description: 'd', dataHandler: 'MESSAGE' } },
    status: { schema, name: 'state' },
    definitions: { Size: { type: 'integer' } },
  } satisfies Required<CapabilityDeclaration>;
  const { capabilities } = intersectSchema([defineCapability(declaration)], HIERARCHY);
  expect(Object.keys(capabilities.Cap?.endpoints ?? {})).toEqual(['go']);
});

test.each<[object, string, string]>([
  [
    { name: 'Cap', operations: { go: { idempotent: 'yes' } } },
    'operations.go.idempotent',
    'must be true or false',
  ],
  [{ name: '', operations: { go: {} } }, 'name', 'must not be empty'],
  [
    { name: 'Cap', operations: { go: { timeLimit: 5 } } },
    'operations.go.timeLimit',
    'did you mean timeLimitMs?',
  ],
  [{ name: 'Cap', status: { schema: Type.String(), name: '' } }, 'status.name', 'must be letters'],
])('%j is refused', (declaration, path, sentence) => {
  const definition = defineCapability(declaration as CapabilityDeclaration);
  expect(() => intersectSchema([definition], HIERARCHY)).toThrow(
    expect.objectContaining({
      issues: [{ path: `capabilities[0].${path}`, message: expect.stringContaining(sentence) }],
    }),
  );
});

test('a status whose function is not known can be described, and not offered', () => {
  const Told = defineCapability({ name: 'Told', status: { schema: Type.String(), name: null } });
  expect(intersectSchema([Told], HIERARCHY).capabilities.Told).toMatchObject({ status: { type: 'string' } });
  const brokers = [memoryTransport(new MemoryBroker())];
  expect(() => new IntersectService([Told.implement({})], { hierarchy: HIERARCHY, brokers })).toThrow(
    expect.objectContaining({
      issues: [
        { path: 'capabilities[0].status.name', message: expect.stringContaining('must be letters') },
        { path: 'capabilities[0].status', message: expect.stringContaining('has no function') },
      ],
    }),
  );
});
