// The clock of the machine is set back or forth while everything is at work. Only what is measured in time of day may notice.
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { afterEach, expect, test, vi } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { handles, leftSince, NOTHING } from '../lib/leftovers.js';
import { underLoad } from '../lib/load.js';
import { removeServiceQueues } from '../lib/manage.js';
import { protocols } from '../lib/protocols.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

const HOUR_MS = 3_600_000;
const JUMPS_MS = [-24 * HOUR_MS, 48 * HOUR_MS, -HOUR_MS, 400 * 24 * HOUR_MS, -500 * 24 * HOUR_MS];
/** Longer than a heartbeat and less than it takes to give one up. */
const AFTER_JUMP_MS = 1_200;
const TIMEOUT_MS = 600;
/** The request that is never answered, so that nothing but time ends the wait. */
const SILENT = -1;

afterEach(() => {
  vi.useRealTimers();
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test('a clock that jumps', async () => {
    const before = handles();
    const pairs = await Promise.all(
      protocols.map(async (protocol) => {
        const proxy = await FaultProxy.to(protocol.urlOf(rabbitmq));
        const access = { url: protocol.urlOf(rabbitmq), username, password, heartbeatS: 1 };
        const couple = new Couple({
          client: protocol.transport(access),
          service: protocol.transport({ ...access, url: proxy.url }),
          serviceConfig: { shutdownTimeoutMs: 500 },
          work: (number) => (number === SILENT ? new Promise<never>(() => {}) : lasting(20)),
        });
        await couple.start();
        await couple.listen();
        return { protocol, proxy, couple };
      }),
    );
    const couples = pairs.map(({ couple }) => couple);
    const timeouts: number[] = [];
    vi.useFakeTimers({ toFake: ['Date'] });
    await underLoad(couples, { requestsPerSecond: 50, eventsPerSecond: 10 }, async () => {
      for (const jump of JUMPS_MS) {
        const waits = pairs.map(async ({ couple: { client, service } }) => {
          const started = performance.now();
          const silent = { destination: service.address, operation: 'Echo.echo', payload: SILENT };
          await expect(client.request(silent, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
            code: 'REQUEST_TIMEOUT',
          });
          timeouts.push(performance.now() - started);
        });
        vi.setSystemTime(Date.now() + jump);
        // What was under way comes a second time, and must be known in spite of the new time.
        for (const { proxy } of pairs) proxy.cut();
        await Promise.all(pairs.map(({ couple }) => stateIs(couple.transports.service, 'reconnecting')));
        await Promise.all(pairs.map(({ couple }) => stateIs(couple.transports.service, 'open')));
        await Promise.all([...waits, lasting(AFTER_JUMP_MS)]);
      }
    });
    vi.useRealTimers();
    for (const { protocol, proxy, couple } of pairs) {
      await until('every event is there', () => couple.seen.length >= couple.ticked);
      await couple.end();
      await proxy[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(couple.codes).toEqual({});
      expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
      couple.executions.delete(SILENT);
      expect(couple.executed).toBe(couple.asked);
      expect(couple.seen).toEqual(Array.from({ length: couple.ticked }, (_, number) => number));
      expect(couple.states.client).toEqual(['connecting', 'open', 'draining', 'closed']);
      record({
        fault: `clock set back and forth by up to 500 days, ${JUMPS_MS.length} times, the service's link cut each time`,
        role: 'client and service',
        protocol: protocol.name,
        promise:
          'timeouts, heartbeats and the memory of requests go by time that passed: none ends early or late, none runs twice',
        counted: [
          `${couple.sentence}; waits of ${TIMEOUT_MS} ms took`,
          `${Math.round(Math.min(...timeouts))} to ${Math.round(Math.max(...timeouts))} ms`,
        ].join(' '),
      });
    }
    expect(Math.min(...timeouts)).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    expect(Math.max(...timeouts)).toBeLessThan(TIMEOUT_MS + 1_000);
    expect(await leftSince(before)).toEqual(NOTHING);
  });
});
