// What only an own broker can be made to do: run short of memory, and die as in a power cut. Client and service of both
// protocols are at work all the time.
import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import { expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { handles, leftSince, NOTHING } from '../lib/leftovers.js';
import { underLoad } from '../lib/load.js';
import { ownRabbitmq } from '../lib/own-rabbitmq.js';
import { type Protocol, protocols } from '../lib/protocols.js';
import { random, seed } from '../lib/random.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 50, eventsPerSecond: 10 };
const ALARM_MS = 3_000;
const KILLS = 10;
const LONGEST_PAUSE_MS = 1_000;
const WORK_MS = 100;

function coupleAt(rabbitmq: RabbitmqHandle, protocol: Protocol): Couple {
  const { username, password } = rabbitmq;
  const access = { url: protocol.urlOf(rabbitmq), username, password };
  return new Couple({
    client: protocol.transport(access),
    service: protocol.transport(access),
    timeoutMs: 60_000,
    // Long enough that there is always work under way, whose answers have nowhere to go.
    work: () => lasting(WORK_MS),
  });
}

async function start(couples: readonly Couple[]): Promise<void> {
  await Promise.all(couples.map((couple) => couple.start().then(() => couple.listen())));
}

/** Ends all, and checks that each request and event got where it belongs. */
async function finish(couples: readonly Couple[]): Promise<void> {
  for (const couple of couples) {
    await until('every event is there', () => couple.seen.length >= couple.ticked);
    await couple.end();
    expect(couple.codes).toEqual({});
    expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
    expect(couple.executions.size).toBe(couple.asked);
    expect(couple.seen).toEqual(Array.from({ length: couple.ticked }, (_, number) => number));
  }
}

test('a broker that runs short of memory, and one that is killed 10 times', async (context) => {
  await using own = await ownRabbitmq(context);
  const { rabbitmq } = own;
  await memoryAlarm(rabbitmq);
  await killed(rabbitmq);
});

async function memoryAlarm(rabbitmq: RabbitmqHandle): Promise<void> {
  const before = handles();
  const pairs = protocols.map((protocol) => ({ protocol, couple: coupleAt(rabbitmq, protocol) }));
  const couples = pairs.map(({ couple }) => couple);
  const flows = new Map(couples.map((couple) => [couple, [] as boolean[]]));
  for (const [couple, told] of flows) {
    couple.transports.client.onEvent((event) => {
      if (event.kind === 'flow') told.push(event.blocked);
    });
  }
  await start(couples);
  await underLoad(couples, LOAD, async () => {
    await rabbitmq.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1');
    const impatient = couples.map((couple) =>
      couple.client.request(
        { destination: couple.service.address, operation: 'Echo.echo', payload: -1 },
        { timeoutMs: 500 },
      ),
    );
    for (const request of impatient) {
      await expect(request).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    }
    await lasting(ALARM_MS);
    for (const couple of couples) expect(couple.client.isConnected()).toBe(true);
    await rabbitmq.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '512MiB');
  });
  // What the impatient ones asked may still be done, but its callers no longer wait.
  for (const couple of couples) couple.executions.delete(-1);
  await finish(couples);
  expect(await leftSince(before)).toEqual(NOTHING);
  for (const { protocol, couple } of pairs) {
    const told = flows.get(couple) ?? [];
    if (protocol.name === 'AMQP') expect(told).toEqual([true, false]);
    expect(couple.states.client).toEqual(['connecting', 'open', 'draining', 'closed']);
    record({
      fault: 'memory alarm: the broker takes nothing for some seconds',
      role: 'client and service',
      protocol: protocol.name,
      promise:
        'what is published waits for the end of the alarm; an impatient request ends in its own time; AMQP tells it as an event',
      counted: `${told.filter(Boolean).length} times told blocked; ${couple.sentence}`,
    });
  }
}

async function killed(rabbitmq: RabbitmqHandle): Promise<void> {
  const before = handles();
  const pairs = protocols.map((protocol) => ({ protocol, couple: coupleAt(rabbitmq, protocol), backMs: 0 }));
  const couples = pairs.map(({ couple }) => couple);
  const pause = random('broker killed');
  await start(couples);
  await underLoad(couples, LOAD, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await lasting(pause() * LONGEST_PAUSE_MS);
      await rabbitmq.kill();
      await Promise.all(couples.map((couple) => stateIs(couple.transports.client, 'reconnecting')));
      await rabbitmq.start();
      const since = performance.now();
      await Promise.all(
        pairs.map(async (pair) => {
          const { client, service } = pair.couple.transports;
          await Promise.all([stateIs(client, 'open'), stateIs(service, 'open')]);
          pair.backMs = Math.max(pair.backMs, performance.now() - since);
        }),
      );
    }
  });
  await finish(couples);
  expect(await leftSince(before)).toEqual(NOTHING);
  for (const { protocol, couple, backMs } of pairs) {
    expect(backMs).toBeLessThan(5_000);
    record({
      fault: `broker killed (SIGKILL) and started again ${KILLS} times under ${LOAD.requestsPerSecond} requests a second`,
      role: 'client and service',
      protocol: protocol.name,
      promise: 'each request is answered once; events come once and in order; nothing is left after close()',
      counted: [
        `seed ${seed}: ${couple.sentence}; ${couple.seen.length} of ${couple.ticked} events in order;`,
        `connected ${Math.round(backMs)} ms after the broker was back at the latest`,
      ].join(' '),
    });
  }
}
