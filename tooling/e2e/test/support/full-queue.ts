import { randomUUID } from 'node:crypto';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { expect } from 'vitest';
import { queueBoundTo } from './queues.js';

/**
 * Makes the queue that takes what is published to a channel refuse every message, as a full one does, until it is
 * disposed of. Resolves when the broker does so.
 */
export async function fullQueue(rabbitmq: RabbitmqEndpoints, channel: string): Promise<AsyncDisposable> {
  const { managementUrl, username, password } = rabbitmq;
  const queue = await queueBoundTo(rabbitmq, channel);
  const name = `full-${randomUUID()}`;
  const policy = `policies/%2F/${name}`;

  async function manage(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${managementUrl}/api/${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`RabbitMQ answers ${method} ${path} with ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Resolves when the broker shows that the queue has that policy, or none. */
  async function untilApplied(wanted: string | undefined): Promise<void> {
    const applied = async () => {
      // Without the statistics, which are some seconds old.
      const queues = (await manage('GET', 'queues/%2F?disable_stats=true&enable_queue_totals=true')) as {
        name: string;
        policy?: string | null;
      }[];
      return queues.find((candidate) => candidate.name === queue)?.policy ?? undefined;
    };
    await expect.poll(applied).toBe(wanted);
  }

  await manage('PUT', policy, {
    pattern: `^${queue.replaceAll(/[^\w]/g, '\\$&')}$`,
    'apply-to': 'queues',
    definition: { 'max-length': 0, overflow: 'reject-publish' },
  });
  await untilApplied(name);
  return {
    [Symbol.asyncDispose]: async () => {
      await manage('DELETE', policy);
      await untilApplied(undefined);
    },
  };
}
