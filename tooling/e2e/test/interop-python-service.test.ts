// Our client against a service written with the Python SDK, over every protocol and broker, and across protocols.
import { randomUUID } from 'node:crypto';
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { RequestError } from '@intersect-sdk/core';
import { describeWithBrokers, type TestBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PythonBroker, PythonService, whenReachable } from './support/python-service.js';
import { removeServiceQueues } from './support/queues.js';

interface Pair {
  readonly title: string;
  readonly interpreter: string;
  readonly service: PythonBroker;
  readonly client: () => Transport;
  readonly cleanUp?: (address: string) => Promise<void>;
}

function describePair({ title, interpreter, service: broker, client: makeTransport, cleanUp }: Pair): void {
  describe(title, () => {
    let service: PythonService;
    let client: IntersectClient;
    let reports: Report[];

    beforeAll(async () => {
      service = await PythonService.start(interpreter, broker, `probe-${randomUUID()}`);
      client = new IntersectClient({
        brokers: [makeTransport()],
        onReport: (report) => reports.push(report),
      });
      reports = [];
      await client.startup();
      await whenReachable(client, service.address);
    });
    afterAll(async () => {
      await client.shutdown();
      await service[Symbol.asyncDispose]();
      await cleanUp?.(service.address);
    });
    beforeEach(() => {
      reports = [];
    });

    const ask = (operation: string, payload?: unknown, contentType?: string) =>
      client.request({ destination: service.address, operation: `Probe.${operation}`, payload, contentType });

    async function errorOf(operation: string, payload?: unknown): Promise<RequestError> {
      const error = await ask(operation, payload).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RequestError);
      expect((error as RequestError).code).toBe('REMOTE_ERROR');
      return error as RequestError;
    }

    test('a string operation', async () => {
      expect(await ask('greet', 'Zoë')).toBe('Hello, Zoë!');
      expect(reports).toEqual([]);
    });

    test('headers that it does not know do not disturb it', async () => {
      const headers = {
        traceparent: '00-0af7-b7ad-01',
        tracestate: 'a=1',
        baggage: 'sample=7',
        'X-Sample': 'Zoë €😀',
      };
      const request = { destination: service.address, operation: 'Probe.greet', payload: 'Zoë' };
      const { payload, furtherHeaders } = await client.requestWithDetails(request, { headers });
      expect({ payload, furtherHeaders }).toEqual({ payload: 'Hello, Zoë!', furtherHeaders: {} });
      expect(reports).toEqual([]);
    });

    test('an object operation', async () => {
      const numbers = { label: 'counts', values: [1, 2.5, -3] };
      expect(await ask('sum_up', numbers)).toEqual({ label: 'counts', count: 3, total: 0.5 });
    });

    test('bad arguments: REMOTE_ERROR with the sentence of the service', async () => {
      const error = await errorOf('sum_up', { label: 'counts', values: 'many' });
      expect(error.message).toMatch(/^Bad arguments to application/);
      expect(error).toMatchObject({ destination: service.address, operation: 'Probe.sum_up' });
      expect((await errorOf('greet')).message).toMatch(/^Bad arguments to application/);
    });

    test('an operation that does not exist', async () => {
      expect((await errorOf('no_such_thing')).message).toBe(
        'Tried to call non-existent operation Probe.no_such_thing',
      );
    });

    test('a service that throws: its own sentence if it meant to tell, a general one if not', async () => {
      expect((await errorOf('refuse', 'The beam is off.')).message).toContain('The beam is off.');
      const { message } = await errorOf('break_down');
      expect(message).not.toContain('business');
    });

    test('a binary operation', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
      const answer = await ask('reverse', bytes, 'application/octet-stream');
      expect(answer).toBeInstanceOf(Uint8Array);
      expect(Buffer.compare(answer as Uint8Array, Uint8Array.from(bytes).reverse())).toBe(0);
    });

    test('two events, each by its name and both by *', async () => {
      const selector = { hierarchy: service.address, capabilityName: 'Probe' };
      await using counted = client.events({ ...selector, eventName: 'counted' });
      await using summed = client.events({ ...selector, eventName: 'summed' });
      await using all = client.events({ ...selector, eventName: '*' });
      await Promise.all([counted.ready, summed.ready, all.ready]);
      expect(await ask('emit', 2)).toBe(null);
      const read = async (stream: typeof all, count: number): Promise<unknown[]> => {
        const seen: unknown[] = [];
        for await (const { source, eventName, payload } of stream) {
          expect(source).toBe(service.address);
          seen.push([eventName, payload]);
          if (seen.length === count) break;
        }
        return seen;
      };
      const sum = { label: 'emitted', count: 2, total: 1 };
      expect(await read(counted, 2)).toEqual([
        ['counted', 0],
        ['counted', 1],
      ]);
      expect(await read(summed, 1)).toEqual([['summed', sum]]);
      expect(await read(all, 3)).toEqual([
        ['counted', 0],
        ['counted', 1],
        ['summed', sum],
      ]);
      expect(reports).toEqual([]);
    });

    test('intersect_sdk.system_capability', async () => {
      const destination = service.address;
      const status = await client.request({ destination, operation: 'intersect_sdk.system_capability' });
      expect(status).toMatchObject({
        uptime: expect.stringMatching(/^P/),
        logical_cpus: expect.any(Number),
        cpu_percentages: expect.any(Array),
        memory_total: expect.any(Number),
      });
    });

    test('200 requests in flight at once: all answered, each with its own answer', async () => {
      const numbers = Array.from({ length: 200 }, (_, index) => index);
      const started = performance.now();
      expect(await Promise.all(numbers.map((number) => ask('echo', number)))).toEqual(numbers);
      expect(reports).toEqual([]);
      process.stderr.write(`${title}: 200 requests in ${Math.round(performance.now() - started)} ms\n`);
    });
  });
}

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python: { interpreter } }) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  const amqpService = { protocol: 'amqp0.9.1', url: amqpUrl, username, password } as const;
  const mqttService = { protocol: 'mqtt5.0', url: mqttUrl, username, password } as const;
  const amqp = () => amqpTransport({ url: amqpUrl, username, password });
  const mqtt = () => mqttTransport({ url: mqttUrl, username, password });
  const cleanUp = (address: string) => removeServiceQueues(rabbitmq, address);

  describePair({ title: 'MQTT on RabbitMQ', interpreter, service: mqttService, client: mqtt });
  describePair({ title: 'AMQP on RabbitMQ', interpreter, service: amqpService, client: amqp, cleanUp });
  describePair({
    title: 'MQTT client, AMQP service',
    interpreter,
    service: amqpService,
    client: mqtt,
    cleanUp,
  });
  describePair({ title: 'AMQP client, MQTT service', interpreter, service: mqttService, client: amqp });
});

describeWithBrokers(['mosquitto', 'python'], ({ mosquitto, python }) => {
  describePair(mosquittoPair({ mosquitto, python }));
});

function mosquittoPair({ mosquitto, python }: Pick<TestBrokers, 'mosquitto' | 'python'>): Pair {
  const { mqttUrl: url, username, password } = mosquitto;
  return {
    title: 'MQTT on mosquitto',
    interpreter: python.interpreter,
    service: { protocol: 'mqtt5.0', url, username, password },
    client: () => mqttTransport({ url, username, password }),
  };
}
