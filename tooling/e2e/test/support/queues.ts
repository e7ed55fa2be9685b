import { once } from 'node:events';
import { eventQueueNameOf, queueNameOf, requestChannel, responseChannel } from '@intersect-sdk/core';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { connect } from 'amqplib';
import { expect } from 'vitest';

/** The queue that a service takes requests from over AMQP. */
export function requestQueueOf(address: string): string {
  return queueNameOf(requestChannel(address));
}

/**
 * Removes the queues of an AMQP service, which outlive it by design, so that brokers that live longer stay clean.
 *
 * @param listensTo the channels of the events that the service listened to
 */
export async function removeServiceQueues(
  rabbitmq: RabbitmqEndpoints,
  address: string,
  listensTo: readonly string[] = [],
): Promise<void> {
  const { managementUrl, username, password } = rabbitmq;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const queues = [requestChannel(address), responseChannel(address)].map(queueNameOf);
  // Of ours, and of a service of the Python SDK.
  const listening = listensTo.flatMap((channel) => [
    eventQueueNameOf(address, channel),
    queueNameOf(channel),
  ]);
  for (const queue of [...queues, ...listening]) {
    const url = `${managementUrl}/api/queues/%2F/${queue}`;
    const { ok, status } = await fetch(url, { method: 'DELETE', headers: { authorization } });
    if (!ok && status !== 404) throw new Error(`The queue ${queue} could not be removed: ${status}`);
  }
}

/**
 * How many requests for a service, over AMQP or MQTT, the broker has not been rid of by an acknowledgement, once it has noticed
 * that the service is gone.
 */
export async function unacknowledgedRequests(rabbitmq: RabbitmqEndpoints, address: string): Promise<number> {
  const queue = await queueBoundTo(rabbitmq, requestChannel(address));
  const { hostname, port } = new URL(rabbitmq.amqpUrl);
  const { username, password } = rabbitmq;
  const connection = await connect({ hostname, port: Number(port), username, password });
  const channel = await connection.createChannel();
  const withoutConsumers = async () => {
    const { consumerCount, messageCount } = await channel.checkQueue(queue);
    return consumerCount === 0 ? messageCount : undefined;
  };
  await expect.poll(withoutConsumers, { interval: 10 }).toBeDefined();
  const { messageCount } = await channel.checkQueue(queue);
  const closed = once(connection, 'close');
  await connection.close();
  await closed;
  return messageCount;
}

/** The name of the queue that takes what is published to the channel. */
export async function queueBoundTo(rabbitmq: RabbitmqEndpoints, channel: string): Promise<string> {
  const { managementUrl, username, password } = rabbitmq;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const url = `${managementUrl}/api/exchanges/%2F/intersect-messages/bindings/source`;
  const bindings = (await (await fetch(url, { headers: { authorization } })).json()) as {
    routing_key: string;
    destination: string;
  }[];
  const key = channel.replaceAll('/', '.');
  const binding = bindings.find(({ routing_key }) => routing_key === key);
  if (!binding) throw new Error(`No queue is bound to ${channel}.`);
  return binding.destination;
}
