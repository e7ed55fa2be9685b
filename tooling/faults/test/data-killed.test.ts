// Requests whose arguments and answers lie in a data store, while every connection to the store is cut and the service is killed.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { IntersectClient } from '@intersect-sdk/client';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { record } from '../lib/fault-table.js';
import { bytesOf, isTurned, MIB } from '../lib/large-data.js';
import { removeServiceQueues } from '../lib/manage.js';
import { ownStore, storeBy } from '../lib/own-store.js';
import { protocols } from '../lib/protocols.js';
import { random, seed } from '../lib/random.js';
import { until } from '../lib/waiting.js';

const REQUESTS = 100;
const AT_ONCE = 4;
const SIZE = 8 * MIB;
const FAULTS = 10;
const PATIENCE_MS = 120_000;

const program = fileURLToPath(new URL('../lib/data-service.mjs', import.meta.url));

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test.for(protocols)('$name: 10 cuts and 10 SIGKILLs', { timeout: 600_000 }, async (protocol, context) => {
    await using own = await ownStore(context);
    await using proxy = await FaultProxy.to(own.server.url);
    const store = storeBy(proxy, own.server);
    const name = `turning-${randomUUID()}`;
    const address = `fault-org.fault-fac.fault-sys.-.${name}`;
    const url = protocol.urlOf(rabbitmq);
    const { host, protocol: scheme } = new URL(url);
    const login = { username: own.server.username, password: own.server.password };
    const env = {
      SERVICE_NAME: name,
      DATA_STORE: JSON.stringify({ url: store.url, ...login }),
      INTERSECT_BROKER_URL: `${scheme}//${username}:${password}@${host}`,
    };
    const start = async (): Promise<Program> => {
      const started = new Program(program, { name: 'turning service', env });
      await started.line(/ready/, AbortSignal.timeout(60_000));
      return started;
    };
    await using client = new IntersectClient({
      brokers: [protocol.transport({ url, username, password })],
      dataStores: [store],
      requestTimeoutMs: PATIENCE_MS,
    });
    await client.startup();
    let service = await start();

    let asked = 0;
    let answered = 0;
    let right = 0;
    const errors: unknown[] = [];
    const ask = async (number: number): Promise<void> => {
      const payload = bytesOf(number, SIZE);
      const contentType = 'application/octet-stream';
      const params = { destination: address, operation: 'Turning.turn', payload, contentType };
      const answer = await client.request({ ...params, dataHandler: 'MINIO' });
      answered++;
      if (isTurned(answer, number, SIZE)) right++;
    };
    const asker = async (): Promise<void> => {
      while (asked < REQUESTS) await ask(asked++).catch((error: unknown) => errors.push(error));
    };
    const all = Promise.all(Array.from({ length: AT_ONCE }, asker));

    const chance = random(`data killed ${protocol.name}`);
    const passed = (): number => proxy.bytesFromTarget + proxy.bytesToTarget;
    let cutInTransfers = 0;
    for (let fault = 0; fault < 2 * FAULTS; fault++) {
      const mark = passed() + MIB + chance() * 2 * SIZE;
      await until('data are under way', () => passed() > mark || errors.length > 0, PATIENCE_MS);
      if (fault % 2 === 0) {
        cutInTransfers += proxy.connections;
        proxy.cut();
      } else {
        await service.kill();
        service = await start();
      }
    }
    const answeredAtTheLast = answered;
    await all;
    // Answers that come a second time are deleted by the client, when they come.
    await until('no answer is left', async () => (await own.left(address)).length === 0, PATIENCE_MS);
    expect(await service.stop()).toBe(0);
    await client.shutdown();
    const answersLeft = await own.left(address);
    const argumentsLeft = await own.left(client.address);
    await removeServiceQueues(rabbitmq, address);

    expect(errors).toEqual([]);
    expect([answered, right]).toEqual([REQUESTS, REQUESTS]);
    // All faults came while there was work.
    expect(answeredAtTheLast).toBeLessThan(REQUESTS);
    expect(answersLeft).toEqual([]);
    // Of those whose answer was out, and whose service was killed before it had deleted them.
    expect(argumentsLeft.length).toBeLessThanOrEqual(FAULTS * AT_ONCE);
    expect(argumentsLeft.every((size) => size === SIZE)).toBe(true);
    record({
      fault: `data store: connections cut ${FAULTS} times, service killed ${FAULTS} times, during transfers of 8 MiB each way`,
      role: 'client and service',
      protocol: protocol.name,
      promise:
        'each request is answered with the right bytes; no answer is left in the store, and no argument but one whose service was killed between its answer and the deletion',
      counted: [
        `seed ${seed}: ${asked} requests, ${right} answered with the right bytes, ${errors.length} failed;`,
        `${cutInTransfers} connections cut; left in the store: ${answersLeft.length} answers, ${argumentsLeft.length} arguments`,
      ].join(' '),
    });
  });
});
