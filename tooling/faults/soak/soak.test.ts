// Client and service at work for minutes, with a fault now and then: nothing is lost, nothing doubled, memory is flat.
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { expect, inject, test } from 'vitest';
import { record } from '../lib/fault-table.js';
import { handles, leftSince, NOTHING } from '../lib/leftovers.js';
import { removeServiceQueues } from '../lib/manage.js';
import { boundText, judge, type Sample, sample } from '../lib/memory.js';
import { mqtt, protocols } from '../lib/protocols.js';
import { random, seed } from '../lib/random.js';
import { type Access, SoakPair } from '../lib/soak-pair.js';
import { lasting } from '../lib/waiting.js';

const SECONDS = Number(process.env.INTERSECT_SOAK_SECONDS ?? 600);
const REQUESTS_PER_SECOND = 50;
const EVENTS_PER_SECOND = 10;
/** A service remembers so many answers, a listener so many events: before they are all there, memory grows by design. */
const REMEMBERED = 11_000;
const WARM_UP_AT_ONCE = 200;
const PAUSE_MS = { least: 1_000, most: 4_000 };
const samples: Sample[] = [];
const SAMPLES = 60;

/** RabbitMQ on both protocols, or the development broker where there is none. */
async function brokers() {
  const { rabbitmq } = inject('testBrokers');
  if ('found' in rabbitmq) {
    const { found } = rabbitmq;
    const { username, password } = found;
    return {
      at: 'RabbitMQ',
      accesses: protocols.map((protocol) => ({ protocol, url: protocol.urlOf(found), username, password })),
      removeQueues: (address: string) => removeServiceQueues(found, address),
      async [Symbol.asyncDispose]() {},
    };
  }
  const broker = await startDevBroker({ port: 0 });
  const login = { username: 'intersect_username', password: 'intersect_password' };
  const accesses: readonly Access[] = [{ protocol: mqtt, url: broker.url, ...login }];
  const removeQueues = async () => {};
  return { at: 'the development broker', accesses, removeQueues, [Symbol.asyncDispose]: () => broker.stop() };
}

/** One fault of the network, and its end. */
async function disturb(pair: SoakPair, next: () => number): Promise<void> {
  const proxy = next() < 0.5 ? pair.proxies.client : pair.proxies.service;
  const kind = Math.floor(next() * 4);
  if (kind === 0) proxy.cut();
  if (kind === 1) proxy.halfClose('from-target');
  if (kind === 2) {
    proxy.delay(20);
    await lasting(500);
    proxy.delay(0);
  }
  if (kind === 3) {
    proxy.stall();
    await lasting(500);
    proxy.cut();
    proxy.resume();
  }
}

async function warmUp(pair: SoakPair): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let count = 0; count < REMEMBERED / WARM_UP_AT_ONCE; count++) await pair.ask();
  };
  await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, worker));
  for (let sent = 0; sent < REMEMBERED; sent += WARM_UP_AT_ONCE) {
    for (let count = 0; count < WARM_UP_AT_ONCE; count++) pair.tick();
    await pair.settled();
  }
}

/** Load, faults and samples, for the time that was asked for. Gives how many faults there were. */
async function soak(pairs: readonly SoakPair[]): Promise<number> {
  const next = random('soak');
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const total = { asked: 0, ticked: 0, faults: 0 };
  const load = setInterval(() => {
    for (const due = Math.floor(elapsed() * REQUESTS_PER_SECOND); total.asked < due; total.asked++) {
      for (const pair of pairs) void pair.ask();
    }
    for (const due = Math.floor(elapsed() * EVENTS_PER_SECOND); total.ticked < due; total.ticked++) {
      for (const pair of pairs) pair.tick();
    }
  }, 10);
  const sampling = setInterval(() => samples.push(sample()), (SECONDS * 1000) / SAMPLES);
  const faults = pairs.map(async (pair) => {
    while (elapsed() < SECONDS) {
      await lasting(PAUSE_MS.least + next() * (PAUSE_MS.most - PAUSE_MS.least));
      await disturb(pair, next);
      total.faults++;
      await pair.connected();
    }
  });
  await lasting(SECONDS * 1000);
  clearInterval(load);
  clearInterval(sampling);
  await Promise.all(faults);
  return total.faults;
}

test(`${SECONDS} s of work and faults`, { timeout: SECONDS * 1000 + 120_000 }, async () => {
  await using where = await brokers();
  const before = handles();
  const most = REMEMBERED + WARM_UP_AT_ONCE + (SECONDS + 60) * REQUESTS_PER_SECOND;
  const pairs = await Promise.all(where.accesses.map((access) => SoakPair.start(access, most)));
  await Promise.all(pairs.map(warmUp));
  const faults = await soak(pairs);
  await Promise.all(pairs.map((pair) => pair.settled()));
  for (const pair of pairs) {
    await pair.end();
    await where.removeQueues(pair.address);
  }
  const { second, last, grown } = judge(samples);
  const mib = (value: number): string => value.toFixed(1);
  const memory = `heap ${mib(second.heapMiB)} MiB in the second quarter, ${mib(last.heapMiB)} MiB in the last`;
  const counts = pairs.map((pair) => ({ pair, ...pair.counts }));
  const heap = samples.map(({ heapMiB }) => mib(heapMiB)).join(' ');
  process.stderr.write(
    `${memory}; each sample: ${heap}\n${JSON.stringify(counts.map(({ pair: _, ...rest }) => rest))}\n`,
  );
  for (const { asked, answered, notOnce, failed, wrong, ticked, seen, outOfOrder } of counts) {
    expect({ answered, notOnce, failed, wrong }).toEqual({
      answered: asked,
      notOnce: 0,
      failed: 0,
      wrong: 0,
    });
    expect({ seen, outOfOrder }).toEqual({ seen: ticked, outOfOrder: 0 });
  }
  expect(grown).toEqual([]);
  expect(await leftSince(before)).toEqual(NOTHING);
  for (const { pair, asked, answered, ticked, seen } of counts) {
    record({
      fault: `soak of ${SECONDS} s, ${faults} faults (cut, half-closed, late, stalled)`,
      role: 'client and service',
      protocol: pair.protocol.name,
      promise: `nothing lost, nothing doubled; medians of the last quarter at most ${boundText} above those of the second`,
      counted: [
        `seed ${seed}, ${where.at}: ${asked} requests, ${answered} answered, each executed once; ${seen} of`,
        `${ticked} events in order; ${memory}; timers ${second.timers} and ${last.timers}, sockets`,
        `${second.sockets} and ${last.sockets}`,
      ].join(' '),
    });
  }
});
