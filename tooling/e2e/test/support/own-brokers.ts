import { listQueues, type RabbitmqEndpoints, startBrokers } from '@intersect-sdk/test-brokers';
import type { TestBrokers } from '@intersect-sdk/test-brokers/vitest';

/** Brokers that no other test uses, for programs with fixed addresses. */
export interface OwnBrokers extends Pick<TestBrokers, 'rabbitmq' | 'mosquitto'>, AsyncDisposable {
  /** Removes all queues that are left at the own RabbitMQ; nothing if it is somebody else's. */
  removeQueues(): Promise<void>;
}

/** Where this machine can't start brokers, those that were found are used together with everybody else. */
export async function ownBrokers(found: Pick<TestBrokers, 'rabbitmq' | 'mosquitto'>): Promise<OwnBrokers> {
  const set = await startBrokers({ rabbitmq: true, mosquitto: true, ours: true });
  const { rabbitmq = found.rabbitmq, mosquitto = found.mosquitto } = set;
  const removeQueues = async () => set.rabbitmq && removeAllQueues(set.rabbitmq);
  return { rabbitmq, mosquitto, removeQueues, [Symbol.asyncDispose]: () => set.stop() };
}

async function removeAllQueues(rabbitmq: RabbitmqEndpoints): Promise<void> {
  const { managementUrl, username, password } = rabbitmq;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  for (const { name } of await listQueues(rabbitmq)) {
    const url = `${managementUrl}/api/queues/%2F/${encodeURIComponent(name)}`;
    const { ok, status } = await fetch(url, { method: 'DELETE', headers: { authorization } });
    if (!ok && status !== 404) throw new Error(`The queue ${name} could not be removed: ${status}`);
  }
}
