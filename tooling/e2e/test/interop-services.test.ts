// A service written with the Python SDK and one of ours: they ask each other, hear each other, and follow each other.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { eventChannel } from '@intersect-sdk/core';
import { listQueues, type RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningProbe, startProbe } from './support/probe-service.js';
import { type PythonBroker, PythonProgram } from './support/python-program.js';
import { PythonService, whenReachable } from './support/python-service.js';
import { removeServiceQueues, requestQueueOf } from './support/queues.js';

interface Pair {
  readonly title: string;
  readonly interpreter: string;
  readonly python: PythonBroker;
  readonly ours: () => Transport;
  readonly rabbitmq?: RabbitmqEndpoints;
}

const addressOf = (service: string) => `interop-org.interop-fac.interop-sys.-.${service}`;

function describePair({ title, interpreter, python: broker, ours: makeTransport, rabbitmq }: Pair): void {
  describe(title, () => {
    const names = { ours: `ours-${randomUUID()}`, python: `relay-${randomUUID()}` };
    const relayAddress = addressOf(names.python);
    let relay: PythonProgram;
    let running: RunningProbe;
    let client: IntersectClient;

    beforeAll(async () => {
      running = await startProbe(names.ours, makeTransport());
      const args = { service: names.python, other: names.ours };
      relay = new PythonProgram({ interpreter, script: 'relay_service.py', broker, args });
      client = new IntersectClient({ brokers: [makeTransport()] });
      await client.startup();
      await relay.lines(1);
      await whenReachable(client, relayAddress);
    });
    afterAll(async () => {
      await client.shutdown();
      await running[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
      if (!rabbitmq) return;
      await removeServiceQueues(rabbitmq, running.service.address, [
        eventChannel(relayAddress, 'Relay', 'answered'),
        eventChannel(relayAddress, 'Relay', 'heard'),
      ]);
      await removeServiceQueues(rabbitmq, relayAddress, [
        eventChannel(running.service.address, 'Probe', 'counted'),
      ]);
    });

    /** What our service hears of an event of the Python service. */
    async function listenToRelay(eventName: string): Promise<unknown[]> {
      const heard: unknown[] = [];
      await running.service.registerEvent(
        { hierarchy: relayAddress, capabilityName: 'Relay', eventName },
        ({ payload }) => void heard.push(payload),
      );
      return heard;
    }

    test.sequential('ours asks Python, from inside a handler', async () => {
      const payload = { destination: relayAddress, operation: 'Relay.shout', text: 'louder' };
      const request = { destination: running.service.address, operation: 'Probe.ask', payload };
      expect(await client.request(request)).toBe('LOUDER');
    });

    test.sequential('Python asks ours, and tells the answer with an event that ours hears', async ({
      expect,
    }) => {
      const answered = await listenToRelay('answered');
      const request = { destination: relayAddress, operation: 'Relay.ask_other', payload: 'Ada' };
      expect(await client.request(request)).toBe(null);
      // It asks for the first time some ten seconds after its start.
      await expect.poll(() => answered).toEqual(['Hello, Ada!']);
    });

    test.sequential('Python hears an event of ours, and ours the event that Python makes of it', async ({
      expect,
    }) => {
      const heard = await listenToRelay('heard');
      let number = 0;
      const emitAgain = async () => {
        await running.probe.emit('counted', ++number);
        return heard.length;
      };
      // Nothing tells when the Python service has its subscription.
      await expect.poll(emitAgain, { interval: 200 }).toBeGreaterThan(0);
      expect(heard[0]).toEqual(expect.any(Number));
      expect(heard).toEqual(heard.map((_, index) => (heard[0] as number) + index));
    });
  });
}

describeWithBrokers(['rabbitmq', 'mosquitto', 'python'], ({ rabbitmq, mosquitto, python }) => {
  const { interpreter } = python;
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  const amqp = () => amqpTransport({ url: amqpUrl, username, password });
  const mqtt = () => mqttTransport({ url: mqttUrl, username, password });
  const pythonMqtt = { protocol: 'mqtt5.0', url: mqttUrl, username, password } as const;
  const pythonAmqp = { protocol: 'amqp0.9.1', url: amqpUrl, username, password } as const;

  describe.concurrent('side by side', () => {
    describePair({ title: 'MQTT on RabbitMQ', interpreter, python: pythonMqtt, ours: mqtt, rabbitmq });
    describePair({ title: 'AMQP on RabbitMQ', interpreter, python: pythonAmqp, ours: amqp, rabbitmq });
    describePair({ title: 'Python AMQP, ours MQTT', interpreter, python: pythonAmqp, ours: mqtt, rabbitmq });
    const onMosquitto = {
      url: mosquitto.mqttUrl,
      username: mosquitto.username,
      password: mosquitto.password,
    };
    describePair({
      title: 'MQTT on mosquitto',
      interpreter,
      python: { protocol: 'mqtt5.0', ...onMosquitto },
      ours: () => mqttTransport(onMosquitto),
    });
  });

  test('ours takes over the queue of a Python service, with the requests that a Python client put there', async () => {
    const name = `moved-${randomUUID()}`;
    const destination = addressOf(name);
    {
      await using service = await PythonService.start(interpreter, pythonAmqp, name);
      await using asker = new IntersectClient({ brokers: [amqp()] });
      await asker.startup();
      await whenReachable(asker, service.address);
    }
    await using client = new PythonProgram({ interpreter, script: 'probe_client.py', broker: pythonAmqp });
    const values = [1, 2, 3, 4, 5];
    const requests = values.map((payload) => ({ destination, operation: 'Probe.echo', payload }));
    client.write({ requests, at_once: true, events: [] });
    await client.lines(1);
    const queued = async () =>
      (await listQueues(rabbitmq)).find((queue) => queue.name === requestQueueOf(destination))?.messages;
    await expect.poll(queued).toBe(values.length);

    await using running = await startProbe(name, amqp());
    const answers = (await client.lines(1 + values.length)).slice(1);
    const expected = values.map((value) => ['response', destination, 'Probe.echo', false, value]);
    expect(new Set(answers)).toEqual(new Set(expected));
    expect(running.service.health().requests).toMatchObject({ answered: values.length, repeated: 0 });
    await running.service.shutdown();
    expect(await queued()).toBe(0);
    await removeServiceQueues(rabbitmq, destination);
  });
});
