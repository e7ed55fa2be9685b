// Operations that take longer than the broker waits, and more of them than it hands out at once. Each here takes as long as the test says.
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, type Report, Type } from '@intersect-sdk/service';
import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import { connect } from 'amqplib';
import { expect, test } from 'vitest';
import { record } from '../lib/fault-table.js';
import { ownRabbitmq } from '../lib/own-rabbitmq.js';
import { mqtt, type Protocol, protocols } from '../lib/protocols.js';

const OPERATIONS = 12;
const QUICK = 50;

function lab(acknowledge: 'after-answer' | 'on-start', concurrency: number) {
  const Lab = defineCapability({
    name: 'Lab',
    concurrency,
    operations: {
      scan: { request: Type.Integer(), response: Type.Integer(), acknowledge },
      quick: { request: Type.Integer(), response: Type.Integer(), concurrency: 100 },
    },
  });
  const runs: number[] = [];
  const waiting: (() => void)[] = [];
  const capability = Lab.implement({
    scan: async (number) => {
      runs.push(number);
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return number;
    },
    quick: (number) => number,
  });
  return { Lab, capability, runs, next: () => waiting.shift()?.() };
}

async function started(
  rabbitmq: RabbitmqHandle,
  protocol: Protocol,
  { capability }: Pick<ReturnType<typeof lab>, 'capability'>,
) {
  const { username, password } = rabbitmq;
  const transport = () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password });
  const reports: Report[] = [];
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'long' };
  const service = await new IntersectService([capability], {
    hierarchy,
    brokers: [transport()],
    onReport: (report) => reports.push(report),
  }).startup();
  const client = await new IntersectClient({ brokers: [transport()] }).startup();
  return {
    service,
    client,
    reports,
    async [Symbol.asyncDispose]() {
      await client.shutdown();
      await service.shutdown({ forget: true });
    },
  };
}

test.for([OPERATIONS, 1])(
  `MQTT: ${OPERATIONS} operations on start, %i at once, leave quick requests their place on a RabbitMQ as installed`,
  async (concurrency, context) => {
    await using own = await ownRabbitmq(context);
    await own.rabbitmq.rabbitmqctl('eval', 'application:set_env(rabbitmq_mqtt, prefetch, 10).');
    const long = lab('on-start', concurrency);
    await using programs = await started(own.rabbitmq, mqtt, long);
    const door = programs.client.capability(long.Lab, programs.service.address);
    const retry = { attempts: 1_000_000, minDelayMs: 20, maxDelayMs: 200 };
    const numbers = Array.from({ length: OPERATIONS }, (_, index) => index);
    const asked = Promise.all(numbers.map((number) => door.scan(number, { retry, timeoutMs: 3_600_000 })));
    let quick = 0;
    let slowestMs = 0;
    for (let begun = concurrency; begun <= OPERATIONS; begun++) {
      await expect.poll(() => long.runs.length, { interval: 5 }).toBe(begun);
      // While operations run, wait and are sent again: an operation that held the window would keep these for ever.
      for (let number = 0; number < QUICK; number++, quick++) {
        const sinceMs = performance.now();
        expect(await door.quick(number, { timeoutMs: 3_600_000 })).toBe(number);
        slowestMs = Math.max(slowestMs, performance.now() - sinceMs);
      }
      if (begun < OPERATIONS) long.next();
    }
    for (let left = 0; left < concurrency; left++) long.next();
    expect(await asked).toEqual(numbers);
    expect(long.runs.toSorted((a, b) => a - b)).toEqual(numbers);
    const refusals = programs.reports.filter(({ reason }) => reason === 'busy').length;
    expect(programs.reports.every(({ reason }) => reason === 'busy')).toBe(true);
    record({
      fault: `${OPERATIONS} long operations, ${concurrency} at once, and a broker that hands out 10 requests`,
      role: 'client and service',
      protocol: 'MQTT',
      promise: 'each operation runs once, and quick requests beside them are answered',
      counted: `${long.runs.length} runs, ${refusals} times told that it is busy; ${quick} quick requests answered, the slowest after ${slowestMs.toFixed(0)} ms`,
    });
  },
);

/** Resolves when the broker has ended a consumer that came at this call and acknowledges nothing. */
async function ackOverdue({ amqpUrl, username, password }: RabbitmqHandle): Promise<void> {
  const connection = await connect(Object.assign(new URL(amqpUrl), { username, password }).href);
  // A broker that looks so often can end the channel twice, which amqplib takes for a fault of the connection.
  connection.on('error', () => {});
  const channel = await connection.createChannel();
  const ended = new Promise<Error>((resolve) => channel.on('error', resolve));
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.consume(queue, () => {});
  channel.sendToQueue(queue, Buffer.from('x'));
  expect((await ended).message).toContain('delivery acknowledgement on channel 1 timed out');
  await connection.close().catch(() => {});
}

/** As two hours are to a broker that waits for one minute. */
const TIMES_TOO_LONG = 120;

test.for(
  protocols.flatMap((protocol) =>
    (['after-answer', 'on-start'] as const).map(
      (acknowledge) => [protocol.name, acknowledge, protocol] as const,
    ),
  ),
)(
  `%s, %s: an operation ${TIMES_TOO_LONG} times as long as the broker waits runs once`,
  async ([, acknowledge, protocol], context) => {
    await using own = await ownRabbitmq(context);
    const settings = 'consumer_timeout, 200), application:set_env(rabbit, channel_tick_interval, 100';
    await own.rabbitmq.rabbitmqctl('eval', `application:set_env(rabbit, ${settings}).`);
    const long = lab(acknowledge, 1);
    await using programs = await started(own.rabbitmq, protocol, long);
    const door = programs.client.capability(long.Lab, programs.service.address);
    const asked = door.scan(7, { timeoutMs: 3_600_000 });
    await expect.poll(() => long.runs.length).toBe(1);
    for (let times = 0; times < TIMES_TOO_LONG; times++) await ackOverdue(own.rabbitmq);
    expect(await door.quick(1, { timeoutMs: 3_600_000 })).toBe(1);
    long.next();
    expect(await asked).toBe(7);
    expect(long.runs).toEqual([7]);
    const told = programs.reports.filter(({ code }) => code === 'ACKNOWLEDGE_TIMEOUT').length;
    const kinds = new Set(programs.reports.map(({ kind }) => kind));
    const comesAgain = protocol.name === 'AMQP' && acknowledge === 'after-answer';
    expect([...kinds].sort()).toEqual(comesAgain ? ['broker-notice', 'request-repeated'] : []);
    record({
      fault: `an operation ${TIMES_TOO_LONG} times as long as the broker waits, acknowledge: '${acknowledge}'`,
      role: 'service',
      protocol: protocol.name,
      promise: 'it runs once in one process, is answered once, and the report names the cause',
      counted: `${long.runs.length} run, 1 answer, ${told} reports that it runs longer than the broker waits`,
    });
  },
);
