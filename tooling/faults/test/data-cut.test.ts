// A data store that breaks off in the middle, and one that is killed: what is lost of payloads that travel by reference, and what is left.
import type { DataStore } from '@intersect-sdk/core';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { DataPair } from '../lib/data-pair.js';
import { record } from '../lib/fault-table.js';
import { MIB } from '../lib/large-data.js';
import { removeServiceQueues } from '../lib/manage.js';
import { ownStore, storeAt, storeBy } from '../lib/own-store.js';
import { protocols, sides } from '../lib/protocols.js';
import { until } from '../lib/waiting.js';

const SIZE = 8 * MIB;
const READ_BYTES = 64 * 1024;
const KILLS = 5;
const AT_ONCE = 4;

/** One store, which is reached by different ways. */
function halves({
  reading,
  writing,
}: {
  readonly reading: DataStore;
  readonly writing: DataStore;
}): DataStore {
  return {
    url: writing.url,
    alsoKnownAs: writing.alsoKnownAs,
    put: (data, options) => writing.put(data, options),
    get: (pointer, options) => reading.get(pointer, options),
    delete: (pointer, options) => writing.delete(pointer, options),
  };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test.for(sides)('$role on $name: a read that is cut', async ({ role, protocol }, context) => {
    await using own = await ownStore(context);
    await using proxy = await FaultProxy.to(own.server.url);
    const direct = storeAt(own.server);
    const cut = halves({ reading: storeBy(proxy, own.server), writing: direct });
    const pair = new DataPair({
      transport: () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password }),
      client: role === 'client' ? cut : direct,
      service: role === 'service' ? cut : direct,
    });
    await pair.start();
    // It reads from this program's bucket.
    const owner = role === 'client' ? pair.service.address : pair.client.address;
    proxy.stallAfter(READ_BYTES);
    const asked = pair.ask(SIZE);
    await until('64 KiB were read', () => proxy.bytesFromTarget > READ_BYTES);
    proxy.stallAfter(Number.POSITIVE_INFINITY);
    // Until it was looked whether the object is there.
    proxy.refuse(true);
    proxy.cut();
    const before = proxy.accepted;
    await until('it was tried again', () => proxy.accepted > before);
    const still = await own.left(owner);
    proxy.refuse(false);
    await asked;
    await pair.end();
    const left = [...(await own.left(pair.client.address)), ...(await own.left(pair.service.address))];
    await removeServiceQueues(rabbitmq, pair.service.address);
    expect(pair.errors).toEqual([]);
    expect(pair.right).toBe(1);
    expect(still).toEqual([SIZE]);
    expect(left).toEqual([]);
    record({
      fault: 'data store: a read is cut after 64 KiB of 8 MiB',
      role,
      protocol: protocol.name,
      promise: 'the object is still there, a further try reads all of it, and then it is deleted',
      counted: `1 request, ${pair.right} answered with the right bytes; ${still.length} object after the cut, ${left.length} at the end`,
    });
  });

  test.for(sides)('$role on $name: a write that is cut', async ({ role, protocol }, context) => {
    await using own = await ownStore(context);
    await using proxy = await FaultProxy.to(own.server.url);
    const direct = storeAt(own.server, proxy);
    const cut = halves({ reading: direct, writing: storeBy(proxy, own.server) });
    const pair = new DataPair({
      transport: () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password }),
      client: role === 'client' ? cut : direct,
      service: role === 'service' ? cut : direct,
    });
    await pair.start();
    const asked = pair.ask(SIZE);
    await until('a part was written', () => proxy.bytesToTarget > MIB);
    const written = proxy.bytesToTarget;
    proxy.cut();
    await asked;
    await pair.end();
    const left = [...(await own.left(pair.client.address)), ...(await own.left(pair.service.address))];
    await removeServiceQueues(rabbitmq, pair.service.address);
    expect(pair.errors).toEqual([]);
    expect(pair.right).toBe(1);
    expect(written).toBeLessThan(SIZE);
    expect(proxy.bytesToTarget).toBeGreaterThan(written + SIZE);
    expect(left).toEqual([]);
    record({
      fault: 'data store: a write of 8 MiB is cut',
      role,
      protocol: protocol.name,
      promise: 'it is written again, as a whole; nobody gets a part of it, and nothing is left',
      counted: `cut after ${(written / MIB).toFixed(1)} MiB; 1 request, ${pair.right} answered with the right bytes; ${left.length} objects at the end`,
    });
  });

  test.for(protocols)('$name: a store that is killed under load', async (protocol, context) => {
    await using own = await ownStore(context);
    const store = storeAt(own.server);
    const pair = new DataPair({
      transport: () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password }),
      client: store,
      service: store,
    });
    await pair.start();
    let goesOn = true;
    const asker = async (): Promise<void> => {
      while (goesOn) await pair.ask(MIB);
    };
    const all = Promise.all(Array.from({ length: AT_ONCE }, asker));
    for (let kill = 1; kill <= KILLS; kill++) {
      await until(
        'requests are answered',
        () => pair.right >= kill * AT_ONCE || pair.errors.length > 0,
        60_000,
      );
      await own.server.kill();
      await own.server.start();
    }
    goesOn = false;
    await all;
    await pair.end();
    const left = [...(await own.left(pair.client.address)), ...(await own.left(pair.service.address))];
    await removeServiceQueues(rabbitmq, pair.service.address);
    expect(pair.errors).toEqual([]);
    expect(pair.right).toBe(pair.asked);
    expect(left).toEqual([]);
    record({
      fault: `data store killed and started again ${KILLS} times under load`,
      role: 'client and service',
      protocol: protocol.name,
      promise: 'it is waited for: each request is answered with the right bytes, and nothing is left',
      counted: `${pair.asked} requests of 1 MiB, ${pair.right} answered with the right bytes, ${pair.errors.length} failed; ${left.length} objects at the end`,
    });
  });
});
