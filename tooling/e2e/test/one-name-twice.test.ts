import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';

const nothing = defineCapability({
  name: 'Nothing',
  description: 'Does nothing.',
  operations: { rest: { description: 'Rests.', response: Type.Null() } },
}).implement({ rest: () => null });

interface Place {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

async function startTwice({ url, username, password }: Place): Promise<void> {
  const connect = () => mqttTransport({ url, username, password });
  const name = `lab-${randomUUID()}`;
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: name };
  const make = () => new IntersectService([nothing], { brokers: [connect()], hierarchy });
  await using first = make();
  await using second = make();
  const states = () => [first, second].map((service) => service.health().state);

  await first.startup();
  expect(states()).toEqual(['running', 'stopped']);
  const ended = first.untilFinished().catch((error: unknown) => error);
  await second.startup();
  expect(await ended).toMatchObject({
    code: 'SESSION_TAKEN_OVER',
    message: expect.stringMatching(/Another program runs at mqtt:.* as 'intersect-org\.fac\.sys\.-\.lab-/),
  });
  // What a health endpoint shows: that it can't go on, and why.
  expect(states()).toEqual(['failed', 'running']);
  expect(first.consideredUnrecoverable()).toBe(true);
  const shown = JSON.stringify(first.health());
  expect(JSON.parse(shown)).toMatchObject({
    state: 'failed',
    brokers: [
      {
        state: {
          kind: 'closed',
          error: { code: 'SESSION_TAKEN_OVER', message: expect.stringContaining('Another program runs') },
        },
      },
    ],
  });
  expect(shown).not.toContain(password);

  // The second one is the service now, and stays it.
  await using client = await new IntersectClient({ brokers: [connect()] }).startup();
  const rest = { destination: second.address, operation: 'Nothing.rest', payload: null };
  expect(await client.request(rest)).toBe(null);
  expect(states()).toEqual(['failed', 'running']);

  // Who starts the first one again means it.
  await first.shutdown();
  const endedToo = second.untilFinished().catch((error: unknown) => error);
  await first.startup();
  expect(await endedToo).toMatchObject({ code: 'SESSION_TAKEN_OVER' });
  expect(states()).toEqual(['running', 'failed']);
  expect(await client.request(rest)).toBe(null);
}

describe('two services of one name over MQTT: the first is told that another program runs it, and its health says so', () => {
  test('the development broker', async () => {
    const credentials = { username: 'intersect_username', password: 'intersect_password' };
    await using broker = await startDevBroker({ port: 0, ...credentials });
    await startTwice({ url: broker.url, ...credentials });
  });

  describeWithBroker('rabbitmq', ({ mqttUrl: url, username, password }) => {
    test('RabbitMQ', () => startTwice({ url, username, password }));
  });

  describeWithBroker('mosquitto', ({ mqttUrl: url, username, password }) => {
    test('mosquitto', () => startTwice({ url, username, password }));
  });
});
