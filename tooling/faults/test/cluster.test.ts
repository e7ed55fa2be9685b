// Three nodes with classic queues, each of which lies on one node alone. While that node is away the queue takes nothing, and
// everything else goes on: neither side may take that for a refusal.
import { expect, test } from 'vitest';
import { clusterTransport } from '../lib/cluster-transport.js';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { underLoad } from '../lib/load.js';
import { ownCluster } from '../lib/own-cluster.js';
import { protocols } from '../lib/protocols.js';
import { lasting, until } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 50, eventsPerSecond: 10, mostWaiting: 10_000 };
const AWAY_MS = 15_000;
/** Between the return of one node and the end of the next. */
const CALM_MS = 3_000;
const TIMEOUT_MS = 60_000;
/** How long an event is sent again, less than what its last wait and the queue's recovery take. */
const EVENT_TIME_MS = 25_000;

test('a cluster of three nodes, each of which is away once', { timeout: 400_000 }, async (context) => {
  await using cluster = await ownCluster(context);
  const { nodes } = cluster;
  const pairs = protocols.map((protocol) => ({
    protocol,
    couple: new Couple({
      client: clusterTransport(protocol, { nodes, first: 0 }),
      service: clusterTransport(protocol, { nodes, first: 1 }),
      timeoutMs: TIMEOUT_MS,
    }),
  }));
  const couples = pairs.map(({ couple }) => couple);
  await Promise.all(couples.map((couple) => couple.start().then(() => couple.listen())));
  let longestAwayMs = 0;
  await underLoad(couples, LOAD, async () => {
    for (const node of nodes) {
      await lasting(CALM_MS);
      const killedAt = performance.now();
      await node.kill();
      await lasting(AWAY_MS);
      await node.start();
      longestAwayMs = Math.max(longestAwayMs, performance.now() - killedAt);
    }
    await lasting(CALM_MS);
  });
  for (const { protocol, couple } of pairs) {
    const heard = () => couple.seen.length >= couple.ticked - couple.unsent.length;
    await until(`every event is there (${couple.sentence})`, heard);
    await couple.end();
    const twice = [...couple.executions.values()].filter((times) => times > 1).length;
    const failed = couple.errors.filter((error) => !couple.unsent.includes(error));
    const reports = [...couple.reports].map(([kind, times]) => `, ${times} reports ${kind}`).join('');
    const requests = couple.asked - failed.length;
    const counted = [
      `${couple.asked} requests, ${requests} answered, ${failed.length} failed, ${twice} run twice;`,
      `${couple.seen.length} of ${couple.ticked} events, each once, ${couple.unsent.length} given`,
      `up${reports}; a node was away for ${Math.round(longestAwayMs / 1000)} s at most`,
    ].join(' ');
    expect({ failed, twice }, counted).toEqual({ failed: [], twice: 0 });
    // An event has 30 s, and a node takes its time to come back where the machine is busy. What is given up is told.
    expect(couple.unsent.length).toBeLessThanOrEqual(longestAwayMs < EVENT_TIME_MS ? 0 : couple.ticked);
    expect(couple.reports.get('service: event-not-sent') ?? 0).toBe(couple.unsent.length);
    for (const error of couple.unsent) expect(error).toMatchObject({ code: 'BROKER_BUSY', mayHaveRun: true });
    expect([couple.answered, couple.wrong, couple.late], counted).toEqual([couple.asked, 0, 0]);
    expect(couple.executions.size).toBe(couple.asked);
    expect(new Set(couple.seen).size).toBe(couple.seen.length);
    expect(couple.seen.length).toBeGreaterThanOrEqual(couple.ticked - couple.unsent.length);
    record({
      fault: `a cluster of three nodes, classic queues: each node killed once for ${AWAY_MS / 1000} s under 50 requests a second`,
      role: 'client and service',
      protocol: protocol.name,
      promise:
        "what a queue can't take while its node is away waits for it: nothing is refused, lost or done twice",
      counted,
    });
  }
});
