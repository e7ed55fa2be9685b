// Our client and a service of the Python SDK: arguments, answers and events by reference, in JSON and in bytes, at real stores.
import { randomUUID } from 'node:crypto';
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { s3Store } from '@intersect-sdk/data-store-s3';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leftInStore } from './support/left-in-store.js';
import { pictureOf } from './support/probe-service.js';
import { PythonProgram } from './support/python-program.js';
import { whenReachable } from './support/python-service.js';
import { pythonWays } from './support/python-ways.js';
import { removeServiceQueues } from './support/queues.js';

/**
 * No multiple of a piece, and more than RabbitMQ takes in one message. Less at MinIO: Python deletes before it has read, which MinIO lets wait for
 * the end of the reading, so that neither ends where the data don't fit into the buffers of the connection.
 */
const SIZES = { s3: 17 * 1024 * 1024 + 3, minio: 900_001 } as const;

const byReference = { dataHandler: 'MINIO' } as const;
const image = { contentType: 'image/png' } as const;

for (const need of ['s3', 'minio'] as const) {
  describeWithBrokers(['rabbitmq', need, 'python'], (found) => {
    const { rabbitmq, python } = found;
    const store = found[need];
    const size = SIZES[need];

    describe.each(pythonWays(rabbitmq))('over $title', ({ broker, makeTransport }) => {
      const name = `data-${randomUUID()}`;
      const address = `interop-org.interop-fac.interop-sys.-.${name}`;
      let service: PythonProgram;
      let client: IntersectClient;
      let reports: Report[];

      beforeAll(async () => {
        service = new PythonProgram({
          interpreter: python.interpreter,
          script: 'data_service.py',
          broker,
          args: { service: name },
          store,
        });
        await service.lines(1);
      });
      afterAll(async () => {
        await service[Symbol.asyncDispose]();
        await removeServiceQueues(rabbitmq, address);
      });
      beforeEach(async () => {
        reports = [];
        client = new IntersectClient({
          brokers: [makeTransport()],
          dataStores: [s3Store({ url: store.url, username: store.username, password: store.password })],
          onReport: (report) => reports.push(report),
        });
        await client.startup();
        await whenReachable(client, address);
        return () => client[Symbol.asyncDispose]();
      });

      const ask = (operation: string, payload: unknown, more: object = {}) => ({
        destination: address,
        operation: `Camera.${operation}`,
        payload,
        ...more,
      });
      /** After the client's end, since it waits for what is being deleted. */
      async function left(): Promise<number[]> {
        await client.shutdown();
        return leftInStore(store, [client.address, address]);
      }

      test('an answer in JSON, and an argument in the message', async () => {
        expect(await client.request(ask('upper', 'Zoë €😀'))).toBe('ZOË €😀');
        expect(await left()).toEqual([]);
        expect(reports).toEqual([]);
      });

      test('an argument in JSON, and an answer in the message', async () => {
        expect(await client.request(ask('size', 'x'.repeat(size), byReference))).toBe(size);
        expect(await left()).toEqual([]);
        expect(reports).toEqual([]);
      });

      test('both in JSON', async () => {
        const answer = await client.request(ask('upper', 'zoë '.repeat(size / 4), byReference));
        // Not by toEqual, which would print them.
        expect(answer === 'ZOË '.repeat(size / 4)).toBe(true);
        expect(await left()).toEqual([]);
        expect(reports).toEqual([]);
      });

      test('both in bytes', async () => {
        const bytes = pictureOf(size);
        const answer = await client.request(ask('reverse', bytes, { ...image, ...byReference }));
        expect(Buffer.compare(answer as Uint8Array, bytes.reverse())).toBe(0);
        expect(await left()).toEqual([]);
        expect(reports).toEqual([]);
      });

      test('a Blob there, and a stream back', async () => {
        const bytes = pictureOf(size);
        const params = ask('reverse', new Blob([bytes as Uint8Array<ArrayBuffer>]), image);
        const { body, size: told } = await client.requestBytes(params);
        expect(told).toBe(size);
        const answer = new Uint8Array(await new Response(body).arrayBuffer());
        expect(Buffer.compare(answer, bytes.reverse())).toBe(0);
        expect(await left()).toEqual([]);
        expect(reports).toEqual([]);
      });

      test('events in JSON and in bytes, which nobody of ours deletes', async () => {
        const selector = { hierarchy: address, capabilityName: 'Camera', eventName: '*' };
        await using events = client.events(selector);
        await events.ready;
        expect(await client.request(ask('emit', 100_000))).toBe(null);
        const seen = new Map<string, unknown>();
        for await (const { eventName, payload, headers } of events) {
          expect(headers.dataHandler).toBe('MINIO');
          seen.set(eventName, payload);
          if (seen.size === 2) break;
        }
        expect(seen.get('described') === 'x'.repeat(100_000)).toBe(true);
        expect(Buffer.compare(seen.get('taken') as Uint8Array, pictureOf(100_000))).toBe(0);
        // The text has two quotation marks in JSON.
        expect(await left()).toEqual([100_000, 100_002]);
        expect(reports).toEqual([]);
      });
    });
  });
}
