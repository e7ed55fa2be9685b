// A client written with the Python SDK against our service, over every protocol and broker, and across protocols.
import { randomUUID } from 'node:crypto';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureOf, type RunningProbe, startProbe } from './support/probe-service.js';
import { type PythonBroker, PythonProgram } from './support/python-program.js';
import { removeServiceQueues } from './support/queues.js';

interface Pair {
  readonly title: string;
  readonly interpreter: string;
  readonly client: PythonBroker;
  readonly service: () => Transport;
  readonly cleanUp?: (address: string) => Promise<void>;
}

const numbers = { label: 'counts', values: [1, 2.5, -3] };

/** What the client asks, one after the other: the SDK's connection breaks when it asks more at once over AMQP. */
const requests = {
  greet: ['Probe.greet', 'Zoë'],
  sum: ['Probe.sum_up', numbers],
  wrongType: ['Probe.sum_up', { ...numbers, values: 'many' }],
  noArgument: ['Probe.greet', null],
  unknown: ['Probe.no_such_thing', null],
  refused: ['Probe.refuse', 'The beam is off.'],
  brokenDown: ['Probe.break_down', null],
  picture: ['Probe.picture', 70_000],
  status: ['intersect_sdk.system_capability', null],
  emit: ['Probe.emit', 2],
} as const satisfies Record<string, readonly [operation: string, payload: unknown]>;
const names = Object.keys(requests) as (keyof typeof requests)[];
const EVENTS = 4;

type Answer = readonly [source: string, operation: string, hasError: boolean, payload: unknown];

/** What the client wrote bytes as. */
const hexOf = (bytes: Uint8Array) => ({ hex: Buffer.from(bytes).toString('hex') });

function describePair({ title, interpreter, client: broker, service: makeTransport, cleanUp }: Pair): void {
  describe(title, () => {
    let running: RunningProbe;
    let answers: Record<keyof typeof requests, Answer>;
    let events: unknown[][];

    beforeAll(async () => {
      running = await startProbe(`probe-${randomUUID()}`, makeTransport());
      const { address } = running.service;
      await using client = new PythonProgram({ interpreter, script: 'probe_client.py', broker });
      client.write({
        requests: Object.values(requests).map(([operation, payload]) => ({
          destination: address,
          operation,
          payload,
        })),
        at_once: false,
        events: [{ hierarchy: address, capability_name: 'Probe', event_name: '*' }],
      });
      const lines = await client.lines(1 + names.length + EVENTS);
      const responses = lines.filter(([kind]) => kind === 'response').map(([, ...answer]) => answer);
      events = lines.filter(([kind]) => kind === 'event').map(([, ...event]) => event);
      answers = Object.fromEntries(
        names.map((name, index) => [name, responses[index]]),
      ) as unknown as typeof answers;
    });
    afterAll(async () => {
      await running[Symbol.asyncDispose]();
      await cleanUp?.(running.service.address);
    });

    /** The SDK gives an error's text as bytes. */
    function errorText(name: keyof typeof requests): string {
      const [, , hasError, payload] = answers[name];
      expect(hasError).toBe(true);
      return Buffer.from((payload as { hex: string }).hex, 'hex').toString();
    }

    test('every answer says who answers what', () => {
      const { address } = running.service;
      for (const name of names) {
        expect(answers[name].slice(0, 2)).toEqual([address, requests[name][0]]);
      }
    });

    test('a string operation', () => expect(answers.greet.slice(2)).toEqual([false, 'Hello, Zoë!']));

    test('an object operation', () =>
      expect(answers.sum.slice(2)).toEqual([false, { label: 'counts', count: 3, total: 0.5 }]));

    test('bad arguments: every problem with its path, and nothing of the value', () => {
      expect(errorText('wrongType')).toBe(
        'The argument does not fit operation Probe.sum_up:\nvalues: must be a list, got string',
      );
      expect(errorText('noArgument')).toMatch(/^The argument does not fit operation Probe\.greet:\n/);
    });

    test('an operation that does not exist', () => {
      expect(errorText('unknown')).toMatch(/^This service has no operation /);
    });

    test('a handler that throws: its own sentence if it meant to tell, a general one if not', () => {
      expect(errorText('refused')).toBe('The beam is off.');
      expect(errorText('brokenDown')).toBe('Operation Probe.break_down failed inside the service.');
    });

    test('a binary answer', () => {
      expect(answers.picture.slice(2)).toEqual([false, hexOf(pictureOf(70_000))]);
    });

    test('intersect_sdk.system_capability', () => {
      expect(answers.status[3]).toMatchObject({
        uptime: expect.stringMatching(/^P/),
        logical_cpus: expect.any(Number),
        cpu_percentages: expect.any(Array),
        memory_total: expect.any(Number),
        disk_usage_percentage: expect.any(Number),
      });
    });

    test('events, JSON and binary', () => {
      const from = [running.service.address, 'Probe'];
      // The SDK hands events on from several threads.
      expect(new Set(events)).toEqual(
        new Set([
          [...from, 'counted', 0],
          [...from, 'counted', 1],
          [...from, 'summed', { label: 'emitted', count: 2, total: 1 }],
          [...from, 'pictured', hexOf(pictureOf(2))],
        ]),
      );
    });

    test('a binary operation', async () => {
      const bytes = pictureOf(1_000);
      const contentType = 'application/octet-stream';
      const destination = running.service.address;
      const operation = 'Probe.reverse';
      const args = { destination, operation, 'content-type': contentType, hex: hexOf(bytes).hex };
      // Not by the SDK's client, which can't send bytes, but by the layer that it sends with.
      await using program = new PythonProgram({ interpreter, script: 'binary_request.py', broker, args });
      const answer = ['false', contentType, hexOf(bytes.reverse()), destination, operation];
      expect(await program.lines(1)).toEqual([answer]);
    });

    test('the service saw nothing else', () => {
      const reasons = running.reports.map((report) => ('reason' in report ? report.reason : report.kind));
      expect(reasons).toEqual([
        'arguments-invalid',
        'arguments-invalid',
        'operation-unknown',
        'capability-error',
        'handler-failed',
      ]);
    });
  });
}

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python: { interpreter } }) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  const amqpClient = { protocol: 'amqp0.9.1', url: amqpUrl, username, password } as const;
  const mqttClient = { protocol: 'mqtt5.0', url: mqttUrl, username, password } as const;
  const amqp = () => amqpTransport({ url: amqpUrl, username, password });
  const mqtt = () => mqttTransport({ url: mqttUrl, username, password });
  const cleanUp = (address: string) => removeServiceQueues(rabbitmq, address);

  describePair({ title: 'MQTT on RabbitMQ', interpreter, client: mqttClient, service: mqtt, cleanUp });
  describePair({ title: 'AMQP on RabbitMQ', interpreter, client: amqpClient, service: amqp, cleanUp });
  describePair({
    title: 'MQTT client, AMQP service',
    interpreter,
    client: mqttClient,
    service: amqp,
    cleanUp,
  });
  describePair({
    title: 'AMQP client, MQTT service',
    interpreter,
    client: amqpClient,
    service: mqtt,
    cleanUp,
  });
});

describeWithBrokers(['mosquitto', 'python'], ({ mosquitto, python: { interpreter } }) => {
  const { mqttUrl: url, username, password } = mosquitto;
  const client = { protocol: 'mqtt5.0', url, username, password } as const;
  const service = () => mqttTransport({ url, username, password });
  describePair({ title: 'MQTT on mosquitto', interpreter, client, service });
});
