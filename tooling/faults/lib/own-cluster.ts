import { type RabbitmqCluster, startRabbitmqCluster } from '@intersect-sdk/test-brokers/cluster';
import type { TestContext } from 'vitest';
import { skipWithout } from './skip-without.js';

/** A cluster whose nodes a test may kill. Skips the test where this machine can't start one, and fails it where brokers are required. */
export async function ownCluster(
  context: TestContext,
  settings: readonly string[] = [],
): Promise<RabbitmqCluster> {
  const started = await startRabbitmqCluster({ settings });
  if (started.nodes) return started;
  return skipWithout(`a RabbitMQ cluster: ${started.unavailable}`, context);
}
