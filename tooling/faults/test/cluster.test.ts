// Three nodes with classic queues, each of which lies on one node alone. While that node is away the queue takes nothing, and
// everything else goes on: neither side may take that for a refusal.
import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import type { Transport } from '@intersect-sdk/transport';
import { expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { underLoad } from '../lib/load.js';
import { ownCluster } from '../lib/own-cluster.js';
import { type Protocol, protocols } from '../lib/protocols.js';
import { lasting, until } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 50, eventsPerSecond: 10, mostWaiting: 10_000 };
const AWAY_MS = 15_000;
/** Between the return of one node and the end of the next. */
const CALM_MS = 3_000;
const TIMEOUT_MS = 60_000;

/** Reaches all nodes, and the one of this number first: there its queues are made. */
function transportAt(protocol: Protocol, nodes: readonly RabbitmqHandle[], first: number): Transport {
  const { username = '', password = '' } = nodes[0] ?? {};
  const hosts = nodes.map((_, index) => {
    const node = nodes[(first + index) % nodes.length] as RabbitmqHandle;
    const { hostname, port } = new URL(protocol.urlOf(node));
    return { host: hostname, port: Number(port) };
  });
  return protocol.transport({ hosts, username, password });
}

test('a cluster of three nodes, each of which is away once', { timeout: 400_000 }, async (context) => {
  await using cluster = await ownCluster(context);
  const { nodes } = cluster;
  const pairs = protocols.map((protocol) => ({
    protocol,
    couple: new Couple({
      client: transportAt(protocol, nodes, 0),
      service: transportAt(protocol, nodes, 1),
      timeoutMs: TIMEOUT_MS,
    }),
  }));
  const couples = pairs.map(({ couple }) => couple);
  await Promise.all(couples.map((couple) => couple.start().then(() => couple.listen())));
  await underLoad(couples, LOAD, async () => {
    for (const node of nodes) {
      await lasting(CALM_MS);
      await node.kill();
      await lasting(AWAY_MS);
      await node.start();
    }
    await lasting(CALM_MS);
  });
  for (const { protocol, couple } of pairs) {
    await until('every event is there', () => new Set(couple.seen).size >= couple.ticked);
    await couple.end();
    const twice = [...couple.executions.values()].filter((times) => times > 1).length;
    const { REQUEST_TIMEOUT: late = 0, ...rejected } = couple.codes;
    const counted = `${couple.sentence}; ${Object.values(rejected).reduce((sum, times) => sum + times, 0)} rejected, ${late} timed out, ${twice} run twice; ${couple.seen.length} of ${couple.ticked} events; ${[...couple.reports].map(([kind, times]) => `${times} times ${kind}`).join(', ')}`;
    process.stderr.write(`cluster, ${protocol.name}: ${counted}\n`);
    expect({ rejected, late, twice }).toEqual({ rejected: {}, late: 0, twice: 0 });
    expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
    expect(couple.executions.size).toBe(couple.asked);
    expect([...couple.seen].sort((a, b) => a - b)).toEqual(
      Array.from({ length: couple.ticked }, (_, number) => number),
    );
    record({
      fault: `a cluster of three nodes, classic queues: each node killed once, for ${AWAY_MS / 1000} s`,
      role: 'client and service',
      protocol: protocol.name,
      promise:
        "what a queue can't take while its node is away waits for it; nothing is refused, lost or done twice",
      counted,
    });
  }
});
