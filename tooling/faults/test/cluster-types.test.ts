// Three nodes, once with classic and once with quorum queues, under a steady load over both protocols: the node that leads is killed, all
// nodes are restarted one after the other, and one is stopped as a network that parts would leave it. What came of each is counted.
import { listQueues, type RabbitmqHandle } from '@intersect-sdk/test-brokers';
import type { RabbitmqCluster } from '@intersect-sdk/test-brokers/cluster';
import { expect, test } from 'vitest';
import { clusterTransport } from '../lib/cluster-transport.js';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { underLoad } from '../lib/load.js';
import { ownCluster } from '../lib/own-cluster.js';
import { protocols } from '../lib/protocols.js';
import { lasting } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 30, eventsPerSecond: 5, mostWaiting: 10_000 };
const AWAY_MS = 12_000;
/** Longer than the time after which nodes take each other for dead. */
const APART_MS = 40_000;
const CALM_MS = 4_000;
const TIMEOUT_MS = 120_000;
const HEARTBEAT_S = 5;

const faults = [
  {
    name: 'the node that leads is killed',
    async run(nodes: readonly RabbitmqHandle[]) {
      const leader = nodes[1] as RabbitmqHandle;
      await leader.kill();
      await lasting(AWAY_MS);
      await leader.start();
    },
  },
  {
    name: 'the nodes are restarted one after the other',
    async run(nodes: readonly RabbitmqHandle[]) {
      for (const node of nodes) {
        await node.restart();
        await lasting(CALM_MS);
      }
    },
  },
  {
    name: `the node that leads is cut off for ${APART_MS / 1000} s (SIGSTOP)`,
    async run(nodes: readonly RabbitmqHandle[]) {
      const { pid } = nodes[1] as RabbitmqHandle;
      if (pid === undefined) throw new Error('The process of the node is not seen.');
      process.kill(pid, 'SIGSTOP');
      try {
        await lasting(APART_MS);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await lasting(AWAY_MS);
    },
  },
];

const types = {
  classic: [],
  quorum: ['default_queue_type = quorum', 'mqtt.durable_queue_type = quorum'],
} as const;

/** The types of all queues that outlive a connection. */
async function typesOf({ nodes }: RabbitmqCluster): Promise<string[]> {
  const kept = (await listQueues(nodes[0] as RabbitmqHandle)).filter(({ exclusive }) => !exclusive);
  return [...new Set(kept.map(({ type }) => type))].sort();
}

test.for(Object.entries(types))('%s queues', { timeout: 900_000 }, async ([type, settings], context) => {
  await using cluster = await ownCluster(context, [
    'cluster_partition_handling = pause_minority',
    ...settings,
  ]);
  const { nodes } = cluster;
  if (type === 'quorum') {
    await nodes[0]?.rabbitmqctl('update_vhost_metadata', '/', '--default-queue-type', 'quorum');
  }
  for (const { name, run } of faults) {
    const pairs = protocols.map((protocol) => ({
      protocol,
      couple: new Couple({
        client: clusterTransport(protocol, { nodes, first: 0, heartbeatS: HEARTBEAT_S }),
        service: clusterTransport(protocol, { nodes, first: 1, heartbeatS: HEARTBEAT_S }),
        timeoutMs: TIMEOUT_MS,
      }),
    }));
    const couples = pairs.map(({ couple }) => couple);
    await Promise.all(couples.map((couple) => couple.start().then(() => couple.listen())));
    if (type === 'quorum') expect(await typesOf(cluster)).toEqual(['quorum']);
    await underLoad(couples, LOAD, async () => {
      await lasting(CALM_MS);
      await run(nodes);
      await lasting(CALM_MS);
    });
    for (const { protocol, couple } of pairs) {
      await lasting(CALM_MS);
      await couple.end();
      const twice = [...couple.executions.values()].filter((times) => times > 1).length;
      const failed = couple.errors.filter((error) => !couple.unsent.includes(error));
      const heard = new Set(couple.seen).size;
      const sent = couple.ticked - couple.unsent.length;
      const reports = [...couple.reports].map(([kind, times]) => `, ${times} reports ${kind}`).join('');
      const counted = [
        `${couple.asked} requests, ${couple.answered} answered, ${failed.length} failed, ${twice} run twice, the slowest after ${(couple.longestMs / 1000).toFixed(1)} s;`,
        ...(failed.length > 0 ? [JSON.stringify(couple.codes), ...couple.brokerFailures.slice(0, 4)] : []),
        `${heard} of ${sent} events heard, ${couple.unsent.length} given up${reports}`,
      ].join(' ');
      // Each request ends, once, as one or the other; and a quorum queue loses none.
      expect(couple.answered + failed.length, counted).toBe(couple.asked);
      expect([couple.wrong, couple.late], counted).toEqual([0, 0]);
      expect(couple.seen.length, counted).toBe(heard);
      if (type === 'quorum') expect([failed, twice], counted).toEqual([[], 0]);
      // An event that was given up, since nobody confirmed it in time, may have come all the same.
      if (type === 'quorum') expect(heard, counted).toBeGreaterThanOrEqual(sent);
      record({
        fault: `a cluster of three nodes, ${type} queues: ${name}, under ${LOAD.requestsPerSecond} requests a second`,
        role: 'client and service',
        protocol: protocol.name,
        promise:
          type === 'quorum'
            ? 'nothing is lost, and nothing runs twice'
            : 'each request ends as answered or failed; what a queue cannot take while its node is away waits for it',
        counted,
      });
    }
  }
});
