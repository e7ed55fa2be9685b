// A data store without room: what waits for it, and what is told when it stays so.
import { s3Store } from '@intersect-sdk/data-store-s3';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { DataPair } from '../lib/data-pair.js';
import { record } from '../lib/fault-table.js';
import { fullStoreBefore } from '../lib/full-store.js';
import { MIB } from '../lib/large-data.js';
import { removeServiceQueues } from '../lib/manage.js';
import { ownStore } from '../lib/own-store.js';
import { sides } from '../lib/protocols.js';
import { until } from '../lib/waiting.js';

const REFUSALS = 5;
const IMPATIENT_MS = 2_000;

/** The one that puts waits within its time. Who waits for an answer that can't be put is told by its own time. */
const EXPECTED = {
  client: { codes: ['REQUEST_TIMEOUT by DATA_STORE_FULL'], left: [] },
  service: { codes: ['REQUEST_TIMEOUT'], left: [] },
};
const PROMISES = {
  client:
    'it is waited for within the time of the request, which ends with REQUEST_TIMEOUT if it stays full, caused by DATA_STORE_FULL; nothing is left',
  service:
    'it is waited for; a request whose time is over first ends with REQUEST_TIMEOUT, and its late answer is deleted; nothing is left',
};

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test.for(sides)('$role on $name: a store without room', async ({ role, protocol }, context) => {
    await using own = await ownStore(context);
    const { server } = own;
    await using full = await fullStoreBefore(server.url);
    const login = { username: server.username, password: server.password };
    const direct = s3Store({ url: server.url, ...login, alsoKnownAs: [full.url] });
    const short = s3Store({ url: full.url, ...login, alsoKnownAs: [server.url] });
    const pair = new DataPair({
      transport: () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password }),
      client: role === 'client' ? short : direct,
      service: role === 'service' ? short : direct,
    });
    await pair.start();
    // It stays full for longer than this one has time.
    await pair.ask(MIB, IMPATIENT_MS);
    const codes = pair.codes;
    // And gets room before the time of this one is over.
    const before = full.refused;
    const asked = pair.ask(MIB);
    await until('it was refused again and again', () => full.refused >= before + REFUSALS);
    full.isFull = false;
    await asked;
    const { client, service } = pair;
    const left = async () => [...(await own.left(client.address)), ...(await own.left(service.address))];
    await until('what came late is deleted', async () => (await left()).length === 0);
    await pair.end();
    const atTheEnd = await left();
    await removeServiceQueues(rabbitmq, pair.service.address);
    expect(pair.right).toBe(1);
    expect({ codes, left: atTheEnd }).toEqual(EXPECTED[role]);
    record({
      fault: 'data store that has no room, as MinIO says it (507)',
      role,
      protocol: protocol.name,
      promise: PROMISES[role],
      counted: `${pair.asked} requests of 1 MiB: 1 ended with ${codes.join()}, ${pair.right} answered with the right bytes after it was refused ${full.refused - before} times; ${atTheEnd.length} objects at the end`,
    });
  });
});
