import type { RabbitmqEndpoints } from './brokers.mjs';

/** What RabbitMQ holds for channels below `conformance/`: each queue that is bound to one, and each consumer of such a queue. */
export async function conformanceInventory(rabbitmq: RabbitmqEndpoints): Promise<string[]> {
  const bindings = await ask<{ destination: string; routing_key: string }>(
    rabbitmq,
    'exchanges/%2F/intersect-messages/bindings/source',
  );
  const bound = bindings.filter(({ routing_key }) => routing_key.startsWith('conformance.'));
  const queues = new Set(bound.map(({ destination }) => destination));
  const consumers = await ask<{ queue: { name: string }; consumer_tag: string }>(rabbitmq, 'consumers/%2F');
  return [
    ...bound.map(({ destination, routing_key }) => `${destination} bound to ${routing_key}`),
    ...consumers
      .filter(({ queue }) => queues.has(queue.name))
      .map(({ queue, consumer_tag }) => `consumer ${consumer_tag} of ${queue.name}`),
  ];
}

async function ask<T>({ managementUrl, username, password }: RabbitmqEndpoints, path: string): Promise<T[]> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(new URL(`/api/${path}`, managementUrl), { headers: { authorization } });
  if (!response.ok) throw new Error(`RabbitMQ's management says ${response.status} to ${path}`);
  return (await response.json()) as T[];
}
