import { IntersectClient } from '@intersect-sdk/client';
import type { CapabilityDefinition } from '@intersect-sdk/contract/plain';
import { IntersectService } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';
import { generateContract } from '../../src/index.js';
import { problemsOf } from '../support/compile.js';
import { documentOf, endpoint, fixture } from '../support/documents.js';
import { load } from '../support/load.js';

// The document of the Python SDK's counting example.
const document = fixture('counting-service.json');

interface State {
  count: number;
  counting: boolean;
}

interface CountingShape {
  operations: {
    start_count: { argument: undefined; answer: { state: State; success: boolean } };
    stop_count: { argument: undefined; answer: { state: State; success: boolean } };
    reset_count: { argument: boolean; answer: State };
  };
  events: Record<never, never>;
  status: { name: 'status'; value: State };
}

test('the module says the types of the counting example', () => {
  const use = `
    import type { IntersectClient } from '@intersect-sdk/client';
    import type { IntersectService } from '@intersect-sdk/service';
    import { address, type CountingResponse, type CountingState, CountingExample } from './counting.js';
    export async function count(client: IntersectClient, service: IntersectService): Promise<number> {
      const door = client.capability(CountingExample, address);
      const { state, success }: CountingResponse = await door.start_count();
      const before: CountingState = await service.capability(CountingExample, address).reset_count(success);
      const { count: ofStatus }: CountingState = await door.$status();
      // @ts-expect-error it takes a boolean
      await door.reset_count(1);
      // @ts-expect-error there is no such operation
      await door.count();
      return state.count + before.count + ofStatus;
    }`;
  const counting = generateContract(document, { statusNames: { CountingExample: 'status' } });
  expect(problemsOf({ 'counting.ts': counting, 'use.ts': use })).toEqual([]);
});

test('an argument with a default may be left out, and a handler is always given one', () => {
  const integer = { type: 'integer', default: 5 };
  const contract = generateContract(
    documentOf({ endpoints: { op: endpoint(integer, { type: 'integer' }) } }),
  );
  const use = `
    import type { IntersectClient } from '@intersect-sdk/client';
    import { C } from './contract.js';
    export const offered: object = C.implement({ op: (count) => count + 1 });
    export const ask = async (client: IntersectClient): Promise<number> => client.capability(C, 'a.b').op(undefined);`;
  expect(problemsOf({ 'contract.ts': contract, 'use.ts': use })).toEqual([]);
});

test('a client and another service call by it, and a service offers it', async () => {
  const module = await load(generateContract(document, { statusNames: { CountingExample: 'status' } }));
  const Counting = module.CountingExample as CapabilityDefinition<CountingShape>;
  const broker = new MemoryBroker();
  const brokers = () => [memoryTransport(broker)];
  const state: State = { count: 0, counting: false };
  const offered = Counting.implement({
    status: () => state,
    start_count: () => {
      state.count += 1;
      state.counting = true;
      return { state: { ...state }, success: true };
    },
    stop_count: () => ({ state: { ...state, counting: false }, success: true }),
    reset_count: (again) => {
      const before = { ...state };
      Object.assign(state, { count: 0, counting: again });
      return before;
    },
  });
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'counting' };
  const service = new IntersectService([offered], { hierarchy, brokers: brokers() });
  const other = new IntersectService([offered], {
    hierarchy: { ...hierarchy, service: 'other' },
    brokers: brokers(),
  });
  const client = new IntersectClient({ brokers: brokers() });
  await Promise.all([service.startup(), other.startup(), client.startup()]);
  try {
    const door = client.capability(Counting, service.address);
    // With `both` an answer whose schema names a type that is not known would be refused.
    const answer = await door.start_count({ check: 'both' });
    expect(answer).toEqual({ state: { count: 1, counting: true }, success: true });
    const fromService = other.capability(Counting, service.address);
    expect(await fromService.reset_count(true, { check: 'both' })).toEqual({ count: 1, counting: true });
    expect(await door.$status({ check: 'both' })).toEqual({ count: 0, counting: true });
    await expect(door.reset_count('yes' as never)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
  } finally {
    await Promise.all([client.shutdown(), other.shutdown(), service.shutdown()]);
  }
});
