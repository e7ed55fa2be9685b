// A broker that can't be reached for a while, in every way in which a network can say so, or not say so.
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { describe, expect, test } from 'vitest';
import { CountingLogger, Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { expectNothingLeft } from '../lib/leftovers.js';
import { underLoad } from '../lib/load.js';
import { removeServiceQueues } from '../lib/manage.js';
import { type Protocol, type Role, sides } from '../lib/protocols.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 20, eventsPerSecond: 5 };
const REFUSED_MS = 20_000;
const STANDSTILLS = 2;
const CONNECT_TIMEOUT_MS = 1_500;
const HEARTBEAT_S = 1;
/** AMQP gives up after two to three heartbeats, MQTT after one and a half. */
const NOTICED_WITHIN_MS = 4_000;

interface Tuning {
  readonly connectTimeoutMs?: number;
  readonly heartbeatS?: number;
}

/** Gives up quickly. Too quickly for a machine that is busy, which may lose a connection more than it was made to. */
const IMPATIENT: Tuning = { connectTimeoutMs: CONNECT_TIMEOUT_MS, heartbeatS: HEARTBEAT_S };

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;
  expectNothingLeft();

  /** A couple of which one side goes through a proxy. */
  async function setUp(role: Role, protocol: Protocol, tuning: Tuning = {}) {
    const url = protocol.urlOf(rabbitmq);
    const proxy = await FaultProxy.to(url);
    const logger = new CountingLogger();
    const direct = { url, username, password };
    const proxied = { ...direct, ...tuning, url: proxy.url, logger };
    const couple = new Couple({
      client: protocol.transport(role === 'client' ? proxied : direct),
      service: protocol.transport(role === 'service' ? proxied : direct),
      timeoutMs: 60_000,
    });
    const transport = couple.transports[role];
    return {
      proxy,
      logger,
      couple,
      transport,
      /** Ends all, checks that each request and event got where it belongs, and gives how often the connection was lost. */
      async finish(): Promise<number> {
        await until('every event is there', () => couple.seen.length >= couple.ticked);
        await couple.end();
        await removeServiceQueues(rabbitmq, couple.service.address);
        expect(couple.codes).toEqual({});
        expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
        expect(couple.seen).toEqual(Array.from({ length: couple.ticked }, (_, number) => number));
        const losses = couple.states[role].filter((state) => state === 'reconnecting').length;
        const reconnects = Array.from({ length: losses }, () => ['reconnecting', 'open']).flat();
        expect(couple.states[role]).toEqual(['connecting', 'open', ...reconnects, 'draining', 'closed']);
        expect(logger.warnings).toBe(losses);
        return losses;
      },
      async [Symbol.asyncDispose]() {
        await couple.end();
        await proxy[Symbol.asyncDispose]();
      },
    };
  }

  describe.concurrent.each(sides)('$role on $name', ({ role, protocol }) => {
    test('a broker that refuses new connections for 20 s', async () => {
      await using it = await setUp(role, protocol);
      const { proxy, couple, transport, logger } = it;
      await couple.start();
      await couple.listen();
      const acceptedBefore = proxy.accepted;
      const backMs = await underLoad([couple], LOAD, async () => {
        proxy.refuse(true);
        proxy.cut();
        await stateIs(transport, 'reconnecting');
        await lasting(REFUSED_MS);
        expect(transport.state.kind).toBe('reconnecting');
        proxy.refuse(false);
        const backSince = performance.now();
        await stateIs(transport, 'open');
        return performance.now() - backSince;
      });
      const tries = proxy.accepted - acceptedBefore;
      expect(tries).toBeGreaterThan(10);
      expect(backMs).toBeLessThan(3_000);
      expect(await it.finish()).toBe(1);
      record({
        fault: `broker refuses new connections for ${REFUSED_MS / 1000} s`,
        role,
        protocol: protocol.name,
        promise:
          'tried for ever with backoff, quietly: one event and one log line; all that waited goes out after',
        counted: `${tries} tries, ${logger.warnings} log line; open ${Math.round(backMs)} ms after it was over; ${couple.sentence}`,
      });
    });

    test('a broker that accepts and never answers', async () => {
      await using it = await setUp(role, protocol, { connectTimeoutMs: CONNECT_TIMEOUT_MS });
      const { proxy, couple, transport } = it;
      proxy.stall();
      const silent = protocol.transport({
        url: proxy.url,
        username,
        password,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
      });
      const started = performance.now();
      await expect(silent.connect()).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT', retryable: true });
      const firstMs = performance.now() - started;
      expect(firstMs).toBeLessThan(CONNECT_TIMEOUT_MS + 1_000);
      await silent.close();
      proxy.cut();
      proxy.resume();

      await couple.start();
      await couple.listen();
      let tries = 0;
      await underLoad([couple], LOAD, async () => {
        proxy.stall();
        proxy.cut();
        await stateIs(transport, 'reconnecting');
        const acceptedBefore = proxy.accepted;
        const impatient = couple.client.request(
          { destination: couple.service.address, operation: 'Echo.echo', payload: -1 },
          { timeoutMs: 300 },
        );
        await expect(impatient).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
        await until('three tries', () => proxy.accepted - acceptedBefore >= 3);
        tries = proxy.accepted - acceptedBefore;
        expect(transport.state.kind).toBe('reconnecting');
        proxy.cut();
        proxy.resume();
        await stateIs(transport, 'open');
      });
      expect(await it.finish()).toBe(1);
      record({
        fault: 'broker accepts and never answers',
        role,
        protocol: protocol.name,
        promise:
          'connecting ends with CONNECT_TIMEOUT in its time; a lost connection is tried for ever; an ' +
          'impatient request ends in its own time',
        counted: [
          `first connect refused after ${Math.round(firstMs)} ms (limit ${CONNECT_TIMEOUT_MS} ms); ${tries}`,
          `silent tries; ${couple.sentence}`,
        ].join(' '),
      });
    });

    test('a broker that stands still, and then comes to all that was said to it', async () => {
      await using it = await setUp(role, protocol, IMPATIENT);
      const { proxy, couple, transport } = it;
      await couple.start();
      await couple.listen();
      await underLoad([couple], LOAD, async () => {
        for (let round = 0; round < STANDSTILLS; round++) {
          proxy.stall();
          await stateIs(transport, 'reconnecting');
          const acceptedBefore = proxy.accepted;
          await until('three tries', () => proxy.accepted - acceptedBefore >= 3);
          proxy.resume();
          const { answered } = couple;
          await until('requests are answered', () => couple.answered > answered + LOAD.requestsPerSecond);
          await stateIs(transport, 'open');
        }
      });
      const losses = await it.finish();
      record({
        fault: 'broker stands still, and then comes to all that was said to it',
        role,
        protocol: protocol.name,
        promise:
          'own earlier attempts to connect are not taken for another program; each request is answered once',
        counted: `${STANDSTILLS} standstills with 3 or more tries each, ${losses} times reconnecting; ${couple.sentence}`,
      });
    });

    test('a link that is half open', async () => {
      await using it = await setUp(role, protocol, IMPATIENT);
      const { proxy, couple, transport } = it;
      await couple.start();
      await couple.listen();
      const noticed: string[] = [];
      await underLoad([couple], LOAD, async () => {
        for (const way of ['both', 'to-target', 'from-target'] as const) {
          proxy.stall(way);
          const since = performance.now();
          await stateIs(transport, 'reconnecting');
          const afterMs = Math.round(performance.now() - since);
          expect(afterMs).toBeLessThan(NOTICED_WITHIN_MS);
          noticed.push(`${way} ${afterMs} ms`);
          proxy.cut();
          proxy.resume(way);
          await stateIs(transport, 'open');
        }
        proxy.halfClose('from-target');
        await stateIs(transport, 'reconnecting');
        await stateIs(transport, 'open');
      });
      const losses = await it.finish();
      expect(losses).toBeGreaterThanOrEqual(4);
      record({
        fault: `half-open link: nothing passes, both ways or one; then closed from one side`,
        role,
        protocol: protocol.name,
        promise: `noticed by heartbeats within ${NOTICED_WITHIN_MS} ms at ${HEARTBEAT_S} s between them`,
        counted: `noticed after: ${noticed.join(', ')}; ${losses} times reconnecting; ${couple.sentence}`,
      });
    });
  });
});
