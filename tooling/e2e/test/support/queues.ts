import { queueNameOf, requestChannel, responseChannel } from '@intersect-sdk/core';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';

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
  for (const channel of [requestChannel(address), responseChannel(address), ...listensTo]) {
    const url = `${managementUrl}/api/queues/%2F/${queueNameOf(channel)}`;
    const { ok, status } = await fetch(url, { method: 'DELETE', headers: { authorization } });
    if (!ok && status !== 404) throw new Error(`The queue of ${channel} could not be removed: ${status}`);
  }
}
