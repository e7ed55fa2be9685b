// A client of the Python SDK and our service: arguments, answers and events by reference, in JSON and in bytes, at real stores.
import { randomUUID } from 'node:crypto';
import { IntersectClient, type Report } from '@intersect-sdk/client';
import type { DataStore } from '@intersect-sdk/core';
import { s3Store } from '@intersect-sdk/data-store-s3';
import { Binary, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftInStore } from './support/left-in-store.js';
import { pictureOf } from './support/probe-service.js';
import { PythonProgram } from './support/python-program.js';
import { pythonWays } from './support/python-ways.js';
import { removeServiceQueues } from './support/queues.js';

/** No more than Python can read at MinIO: it deletes before it has read, and MinIO lets that wait for the end of the reading. */
const SIZE = 900_001;

const PNG = 'image/png';
const byReference = { responseDataHandler: 'MINIO' } as const;

const Camera = defineCapability({
  name: 'Camera',
  operations: {
    upper: { request: Type.String(), response: Type.String(), ...byReference },
    size: { request: Type.String(), response: Type.Integer() },
    picture: { request: Type.Integer(), response: Binary(PNG), ...byReference },
    reverse: { request: Binary(PNG), response: Binary(PNG), ...byReference },
    emit: { request: Type.Integer() },
  },
  events: {
    described: { schema: Type.String(), dataHandler: 'MINIO' },
    taken: { schema: Binary(PNG), dataHandler: 'MINIO' },
  },
});

/** What a Python program wrote bytes as. */
const hexOf = (bytes: Uint8Array) => ({ hex: Buffer.from(bytes).toString('hex') });

for (const need of ['s3', 'minio'] as const) {
  describeWithBrokers(['rabbitmq', need, 'python'], (found) => {
    const { rabbitmq, python } = found;
    const store = found[need];
    const newStore = () => s3Store({ url: store.url, username: store.username, password: store.password });

    describe.each(pythonWays(rabbitmq))('over $title', ({ broker, makeTransport }) => {
      const { interpreter } = python;
      const program = { interpreter, broker, store };
      const askers: string[] = [];
      const reports: Report[] = [];
      let service: IntersectService;

      beforeAll(async () => {
        const camera = Camera.implement({
          upper: (text, { source }) => {
            askers.push(source);
            return text.toUpperCase();
          },
          size: (text, { source }) => {
            askers.push(source);
            return text.length;
          },
          picture: (size) => pictureOf(size),
          reverse: (bytes, { source }) => {
            askers.push(source);
            return Uint8Array.from(bytes).reverse();
          },
          emit: async (size, { emit }) => {
            await emit('described', 'x'.repeat(size));
            await emit('taken', pictureOf(size));
          },
        });
        const name = `data-${randomUUID()}`;
        service = new IntersectService([camera], {
          hierarchy: {
            organization: 'interop-org',
            facility: 'interop-fac',
            system: 'interop-sys',
            service: name,
          },
          brokers: [makeTransport()],
          dataStores: [newStore()],
          keepRequestsMs: 60_000,
          onReport: (report) => reports.push(report),
        });
        await service.startup();
      });
      afterAll(async () => {
        await service[Symbol.asyncDispose]();
        await removeServiceQueues(rabbitmq, service.address);
        // An argument is deleted when its answer is out, and the service waits for that at its end: the reader of each has deleted it.
        expect(await leftInStore(store, [service.address, ...askers])).toEqual([]);
        expect(askers.length).toBeGreaterThan(0);
        expect(reports).toEqual([]);
      });

      const ask = (operation: string, payload: unknown, data_handler: 'MESSAGE' | 'MINIO') => {
        return { destination: service.address, operation: `Camera.${operation}`, payload, data_handler };
      };

      test('arguments and answers in JSON, and answers in bytes', async () => {
        await using client = new PythonProgram({ ...program, script: 'probe_client.py' });
        const requests = [
          ask('upper', 'Zoë €😀', 'MESSAGE'),
          ask('size', 'x'.repeat(SIZE), 'MINIO'),
          ask('upper', 'x'.repeat(SIZE), 'MINIO'),
          ask('picture', SIZE, 'MINIO'),
        ];
        client.write({ requests, at_once: false, events: [] });
        const lines = await client.lines(1 + requests.length);
        const answers = lines.filter(([kind]) => kind === 'response').map(([, , , ...answer]) => answer);
        const expected = ['ZOË €😀', SIZE, 'X'.repeat(SIZE), hexOf(pictureOf(SIZE))];
        // Not by toEqual, which would print them.
        expect(answers.map(([hasError]) => hasError)).toEqual([false, false, false, false]);
        for (const [index, [, answer]] of answers.entries()) {
          expect(JSON.stringify(answer) === JSON.stringify(expected[index])).toBe(true);
        }
      });

      test('an argument and an answer in bytes', async () => {
        const bytes = pictureOf(20_000);
        const { hex } = hexOf(bytes);
        const args = {
          destination: service.address,
          operation: 'Camera.reverse',
          'content-type': PNG,
          hex,
        };
        await using sender = new PythonProgram({ ...program, script: 'binary_request.py', args });
        const [answer] = await sender.lines(1);
        const expected = ['false', PNG, hexOf(bytes.reverse()), service.address, 'Camera.reverse'];
        expect(answer).toEqual(expected);
      });

      test('a listener in Python deletes what it reads, and a second reader is told that it is gone', async () => {
        const { wasRead, afterwards } = oneAfterTheOther();
        const told: Report[] = [];
        await using second = new IntersectClient({
          brokers: [makeTransport()],
          dataStores: [afterwards(newStore())],
          onReport: (report) => told.push(report),
        });
        await second.startup();
        const hierarchy = service.address;
        await using events = second.events({ hierarchy, capabilityName: 'Camera', eventName: '*' });
        await events.ready;
        await using first = new PythonProgram({ ...program, script: 'probe_client.py' });
        // It asks when it listens.
        const requests = [ask('emit', SIZE, 'MESSAGE')];
        const selector = { hierarchy, capability_name: 'Camera', event_name: '*' };
        first.write({ requests, at_once: false, events: [selector] });
        const lines = await first.lines(4);
        const heard = new Map(
          lines.filter(([kind]) => kind === 'event').map(([, , , name, payload]) => [name, payload]),
        );
        expect(heard.get('described') === 'x'.repeat(SIZE)).toBe(true);
        expect(JSON.stringify(heard.get('taken')) === JSON.stringify(hexOf(pictureOf(SIZE)))).toBe(true);
        wasRead();
        await expect.poll(() => told.length).toBe(2);
        expect(told).toMatchObject([
          { kind: 'message-refused', code: 'DATA_GONE' },
          { kind: 'message-refused', code: 'DATA_GONE' },
        ]);
      });
    });
  });
}

/** Makes of a store one whose data are read only after somebody else has read them. */
function oneAfterTheOther() {
  let wasRead = (): void => {};
  const moment = new Promise<void>((resolve) => {
    wasRead = resolve;
  });
  const afterwards = (store: DataStore): DataStore => ({
    url: store.url,
    put: (data, options) => store.put(data, options),
    get: (pointer, options) => moment.then(() => store.get(pointer, options)),
    delete: (pointer, options) => store.delete(pointer, options),
  });
  return { wasRead, afterwards };
}
