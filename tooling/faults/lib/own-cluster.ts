import { type RabbitmqCluster, startRabbitmqCluster } from '@intersect-sdk/test-brokers/cluster';
import type { TestContext } from 'vitest';

/** A cluster whose nodes a test may kill. Skips the test where this machine can't start one, and fails it where brokers are required. */
export async function ownCluster({ task, skip }: TestContext): Promise<RabbitmqCluster> {
  const started = await startRabbitmqCluster();
  if (started.nodes) return started;
  const reason = `a RabbitMQ cluster: ${started.unavailable}`;
  if (process.env.INTERSECT_REQUIRE_BROKERS === '1') {
    throw new Error(`INTERSECT_REQUIRE_BROKERS is set, but ${reason}`);
  }
  task.meta.skipReason = reason;
  return skip(reason);
}
