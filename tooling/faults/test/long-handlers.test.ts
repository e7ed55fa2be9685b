// RabbitMQ takes a message away from a consumer that does not acknowledge it in time: after 30 minutes, unless it is set up otherwise. It looks
// once a minute; this one is told to look all the time, so that a handler is too long after half a second.
import { IntersectClient } from '@intersect-sdk/client';
import { type ConformanceHarness, conformanceCases, runCase } from '@intersect-sdk/conformance';
import { defineCapability, IntersectService, type Report, Type } from '@intersect-sdk/service';
import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import type { SupervisorOptions, Transport } from '@intersect-sdk/transport';
import { amqpDriver, amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttDriver, mqttTransport } from '@intersect-sdk/transport-mqtt';
import { connect } from 'amqplib';
import { expect, type TestContext, test } from 'vitest';
import { ownRabbitmq } from '../lib/own-rabbitmq.js';

const PROTOCOLS = ['AMQP', 'MQTT'] as const;
type Protocol = (typeof PROTOCOLS)[number];

const Lab = defineCapability({
  name: 'Lab',
  operations: { work: { response: Type.Integer() }, rest: { response: Type.Null() } },
});

/** A RabbitMQ whose channels have half a second to acknowledge. */
async function hurriedRabbitmq(context: TestContext) {
  const own = await ownRabbitmq(context);
  const settings = 'consumer_timeout, 500), application:set_env(rabbit, channel_tick_interval, 100';
  await own.rabbitmq.rabbitmqctl('eval', `application:set_env(rabbit, ${settings}).`);
  return own;
}

/** Resolves when the broker has ended a consumer that came at this call and acknowledges nothing. */
async function ackOverdue({ amqpUrl, username, password }: RabbitmqHandle): Promise<void> {
  const connection = await connect(Object.assign(new URL(amqpUrl), { username, password }).href);
  const channel = await connection.createChannel();
  const ended = new Promise<Error>((resolve) => channel.on('error', resolve));
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.consume(queue, () => {});
  channel.sendToQueue(queue, Buffer.from('x'));
  expect((await ended).message).toContain('delivery acknowledgement on channel 1 timed out');
  await connection.close();
}

function transportTo(
  { username, password, amqpUrl, mqttUrl }: RabbitmqHandle,
  protocol: Protocol,
  options: SupervisorOptions = {},
): Transport {
  return protocol === 'AMQP'
    ? amqpTransport({ url: amqpUrl, username, password, ...options })
    : mqttTransport({ url: mqttUrl, username, password, ...options });
}

function harnessOf(rabbitmq: RabbitmqHandle, protocol: Protocol): ConformanceHarness {
  const driver = protocol === 'AMQP' ? amqpDriver({ username: 'u', password: 'p' }) : mqttDriver();
  return {
    capabilities: driver.capabilities,
    create: (options) => transportTo(rabbitmq, protocol, options),
    ackOverdue: () => ackOverdue(rabbitmq),
  };
}

test.for(PROTOCOLS)("the kit's case, %s on RabbitMQ", async (protocol, context) => {
  await using own = await hurriedRabbitmq(context);
  const longHandler = conformanceCases.find(({ id }) => id === 'durable/long-handler');
  if (!longHandler) throw new Error('The kit has no such case.');
  const result = await runCase(longHandler, harnessOf(own.rabbitmq, protocol));
  // AMQP has no way to ask for more time: the message comes again, while its handler is at work. Nothing is lost.
  expect(result).toMatchObject(
    protocol === 'MQTT'
      ? { status: 'passed' }
      : { status: 'failed', error: { message: expect.stringMatching(/"long",\s*"long"/) } },
  );
});

test.for(PROTOCOLS)(
  '%s: a service runs what takes longer than RabbitMQ waits once, answers it once, and goes on',
  async (protocol, context) => {
    await using own = await hurriedRabbitmq(context);
    const { rabbitmq } = own;
    const reports: Report[] = [];
    let runs = 0;
    const lab = Lab.implement({
      work: async () => {
        runs += 1;
        for (let times = 0; times < 3; times++) await ackOverdue(rabbitmq);
        return runs;
      },
      rest: () => null,
    });
    const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'long' };
    await using service = await new IntersectService([lab], {
      hierarchy,
      brokers: [transportTo(rabbitmq, protocol)],
      onReport: (report) => reports.push(report),
    }).startup();
    await using client = await new IntersectClient({ brokers: [transportTo(rabbitmq, protocol)] }).startup();
    const door = client.capability(Lab, service.address);
    expect(await door.work({ timeoutMs: 60_000 })).toBe(1);
    expect(await door.rest()).toBe(null);
    expect(runs).toBe(1);
    // Over AMQP it came again, which is told; over MQTT the broker waits.
    const kinds = new Set(reports.map(({ kind, code }) => `${kind} ${code ?? ''}`.trim()));
    expect([...kinds].sort()).toEqual(
      protocol === 'AMQP' ? ['broker-notice ACKNOWLEDGE_TIMEOUT', 'request-repeated'] : [],
    );
  },
);
