import { type RabbitmqHandle, startBrokers } from '@intersect-sdk/test-brokers';
import type { TestContext } from 'vitest';
import { skipWithout } from './skip-without.js';

/** A RabbitMQ that a test may kill: never one that somebody else uses. */
export interface OwnRabbitmq extends AsyncDisposable {
  readonly rabbitmq: RabbitmqHandle;
}

/** Skips the test where this machine can't start one, and fails it where brokers are required. */
export async function ownRabbitmq(context: TestContext): Promise<OwnRabbitmq> {
  const set = await startBrokers({ rabbitmq: true, ours: true });
  const { rabbitmq } = set;
  if (rabbitmq) return { rabbitmq, [Symbol.asyncDispose]: () => set.stop() };
  await set.stop();
  return skipWithout(`a RabbitMQ to kill: ${set.unavailable[0]?.reason ?? 'it was not started'}`, context);
}
