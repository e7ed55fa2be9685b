// A service asks who is there as a client does: the same questions, with the same answers.
import { addressOf } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';
import { defineCapability, IntersectService } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';

const Stage = defineCapability({ name: 'Stage', operations: { move: {} } });

function serviceCalled(name: string, broker: MemoryBroker): IntersectService {
  return new IntersectService([Stage.implement({ move: () => {} })], {
    hierarchy: { ...HIERARCHY, service: name },
    brokers: [memoryTransport(broker)],
  });
}

test('another service is up and says what it can do; one that is not there is absent', async () => {
  const broker = new MemoryBroker();
  await using asking = await serviceCalled('asking', broker).startup();
  await using other = serviceCalled('other', broker);
  const absent = { state: 'absent', address: other.address };
  expect(await asking.ping(other.address)).toEqual(absent);
  await other.startup();
  expect(await asking.ping(other.address)).toMatchObject({ state: 'up', coreStatus: {} });
  const described = await asking.describe(other.address);
  expect(described).toMatchObject({ from: 'service', address: other.address, schema: other.schema });
});

test('a source is asked where nobody is there', async () => {
  await using asking = await serviceCalled('asking', new MemoryBroker()).startup();
  const address = addressOf({ ...HIERARCHY, service: 'gone' });
  const known = { schema: { info: { title: address } }, toldAtMs: 1_000 };
  const sources = [{ name: 'a store', find: () => known }];
  expect(await asking.describe(address, { sources })).toMatchObject({
    from: 'source',
    source: 'a store',
    ...known,
  });
});

test('before its start it can ask nobody, and a wrong address is told at once', async () => {
  const asking = serviceCalled('asking', new MemoryBroker());
  const { address } = asking;
  await expect(asking.ping(address)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  await expect(asking.describe(address)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  await expect(asking.ping('nowhere')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
