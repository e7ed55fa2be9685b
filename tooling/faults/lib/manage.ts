import { request } from 'node:http';
import { queueNameOf, requestChannel, responseChannel } from '@intersect-sdk/core';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';

/** Asks RabbitMQ's management interface, on a connection that is closed right after. Throws for what it refuses, 404 excepted. */
function manage(rabbitmq: RabbitmqEndpoints, method: 'GET' | 'DELETE', path: string): Promise<unknown> {
  const { managementUrl, username, password } = rabbitmq;
  return new Promise((resolve, reject) => {
    const asked = request(
      `${managementUrl}/api/${path}`,
      { method, auth: `${username}:${password}`, agent: false },
      (response) => {
        let body = '';
        response.on('data', (text) => {
          body += text;
        });
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode < 300) resolve(body === '' ? undefined : JSON.parse(body));
          else if (statusCode === 404) resolve(undefined);
          else reject(new Error(`RabbitMQ answers ${method} ${path} with ${statusCode}.`));
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

export async function deleteQueue(rabbitmq: RabbitmqEndpoints, name: string): Promise<void> {
  await manage(rabbitmq, 'DELETE', `queues/%2F/${encodeURIComponent(name)}`);
}

/** The name of the queue that takes what is published to the channel. */
export async function queueOf(rabbitmq: RabbitmqEndpoints, channel: string): Promise<string> {
  const path = 'exchanges/%2F/intersect-messages/bindings/source';
  const bindings = (await manage(rabbitmq, 'GET', path)) as { routing_key: string; destination: string }[];
  const key = channel.replaceAll('/', '.');
  const binding = bindings.find(({ routing_key }) => routing_key === key);
  if (!binding) throw new Error(`No queue is bound to ${channel}.`);
  return binding.destination;
}

/** Removes the queues that an AMQP service leaves by design. */
export async function removeServiceQueues(rabbitmq: RabbitmqEndpoints, address: string): Promise<void> {
  for (const channel of [requestChannel(address), responseChannel(address)]) {
    await deleteQueue(rabbitmq, queueNameOf(channel));
  }
}
