// Events that several services listen to.
import { randomUUID } from 'node:crypto';
import { eventChannel } from '@intersect-sdk/core';
import { type AnyCapability, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { removeServiceQueues } from './support/queues.js';

const MANY = 40;

const Source = defineCapability({ name: 'Source', events: { measured: { schema: Type.Integer() } } });
const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });

function serviceAt(name: string, transport: Transport, capability: AnyCapability): IntersectService {
  return new IntersectService([capability], {
    hierarchy: { organization: 'e2e-org', facility: 'e2e-fac', system: 'e2e-sys', service: name },
    brokers: [transport],
  });
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;

  /** How many of many events each of two services hears that listen to them. */
  async function heardByEach(makeTransport: () => Transport): Promise<number[]> {
    const run = randomUUID();
    const source = Source.implement({});
    await using emitting = serviceAt(`source-${run}`, makeTransport(), source);
    const selector = { hierarchy: emitting.address, capabilityName: 'Source', eventName: 'measured' };
    const heard: number[][] = [[], []];
    await using first = serviceAt(`first-${run}`, makeTransport(), Idle.implement({ rest: () => {} }));
    await using second = serviceAt(`second-${run}`, makeTransport(), Idle.implement({ rest: () => {} }));
    const listeners = [first, second];
    for (const [index, listener] of listeners.entries()) {
      await listener.registerEvent(selector, ({ payload }) => void heard[index]?.push(payload as number));
    }
    await Promise.all([emitting, ...listeners].map((service) => service.startup()));
    for (let number = 0; number < MANY; number++) await source.emit('measured', number);
    // What comes after the many shows to each listener that it has heard all of them that it will.
    const done = () => heard.every((numbers) => numbers.some((number) => number >= MANY));
    for (let number = MANY; !done(); number++) await source.emit('measured', number);
    await Promise.all([emitting, ...listeners].map((service) => service.shutdown()));
    const channel = eventChannel(emitting.address, 'Source', 'measured');
    for (const { address } of [emitting, ...listeners]) {
      await removeServiceQueues(rabbitmq, address, [channel]);
    }
    return heard.map((numbers) => numbers.filter((number) => number < MANY).length);
  }

  test('each of two services over AMQP hears every event that both listen to', async () => {
    const makeTransport = () => amqpTransport({ url: amqpUrl, username, password });
    expect(await heardByEach(makeTransport)).toEqual([MANY, MANY]);
  });

  test('each of two services over MQTT hears every event that both listen to', async () => {
    const makeTransport = () => mqttTransport({ url: mqttUrl, username, password });
    expect(await heardByEach(makeTransport)).toEqual([MANY, MANY]);
  });
});
