// A contract made of the document of a service that gives items one by one.
import { IntersectClient } from '@intersect-sdk/client';
import type { CapabilityDefinition } from '@intersect-sdk/contract/plain';
import { defineCapability, IntersectService, intersectSchema, Stream, Type } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';
import { generateContract } from '../../src/index.js';
import { problemsOf } from '../support/compile.js';
import { load } from '../support/load.js';

const Scanner = defineCapability({
  name: 'Scanner',
  operations: {
    scan: {
      request: Type.Integer({ title: 'points' }),
      response: Stream(Type.Object({ angle: Type.Number() }, { $id: 'Point' }), {
        description: 'As measured.',
      }),
    },
  },
});
const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'scanner' };
const document = intersectSchema([Scanner], hierarchy);

test('the document says array, and that it is a stream', () => {
  const { publish } = (document.capabilities.Scanner as { endpoints: { scan: Record<string, unknown> } })
    .endpoints.scan as { publish: { message: { payload: object } } };
  expect(publish.message.payload).toEqual({
    type: 'array',
    items: { $ref: '#/components/schemas/Point' },
    'x-intersect-stream': true,
    description: 'As measured.',
    title: 'scan',
  });
});

test('the module has the types of the items', () => {
  const use = `
    import type { IntersectClient } from '@intersect-sdk/client';
    import { address, type Point, Scanner } from './scanner.js';
    export async function scan(client: IntersectClient): Promise<number> {
      const door = client.capability(Scanner, address);
      let sum = 0;
      for await (const { angle } of door.scan(3)) sum += angle;
      const all: Point[] = await door.$call('scan', 3);
      // @ts-expect-error it is no promise
      door.scan(3).then;
      return sum + all.length;
    }
    export const offered: object = Scanner.implement({
      async *scan(points) { for (let n = 0; n < points; n++) yield { angle: n }; },
    });
    Scanner.implement({
      // @ts-expect-error items are points
      async *scan() { yield 'a point'; },
    });`;
  expect(problemsOf({ 'scanner.ts': generateContract(document), 'use.ts': use })).toEqual([]);
});

test('the module reads a stream', async () => {
  const broker = new MemoryBroker();
  const scanner = Scanner.implement({
    *scan(points) {
      for (let n = 0; n < points; n++) yield { angle: n / 2 };
    },
  });
  const service = new IntersectService([scanner], { hierarchy, brokers: [memoryTransport(broker)] });
  const client = new IntersectClient({ brokers: [memoryTransport(broker)] });
  await service.startup();
  await client.startup();
  const { Scanner: generated, address } = (await load(generateContract(document))) as {
    Scanner: CapabilityDefinition<{
      operations: { scan: { argument: number; answer: { angle: number }[]; item: { angle: number } } };
      events: Record<never, never>;
      status: undefined;
    }>;
    address: string;
  };
  expect(await client.capability(generated, address).scan(3).toArray()).toEqual([
    { angle: 0 },
    { angle: 0.5 },
    { angle: 1 },
  ]);
  await client.shutdown();
  await service.shutdown();
});
