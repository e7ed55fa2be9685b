// What became of the data that an app sent by reference.
import { parseDataPointer } from '@intersect-sdk/core/internal';
import { s3Store } from '@intersect-sdk/data-store-s3';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';
import type { SeenMessage } from './known-traffic.js';

/**
 * One line for each request, answer and event, in the order of the traffic: what it is, and whether its data were in the message, or by
 * reference, and are by now kept in the store or deleted there.
 */
export async function fatesOf(
  traffic: readonly SeenMessage[],
  { url, username, password }: StoreEndpoints,
): Promise<string[]> {
  const store = s3Store({ url, username, password });
  const { signal } = new AbortController();
  const fates = traffic.map(async ({ channel, headers, payload }) => {
    const kind = kindOf(channel);
    if (kind === undefined) return [];
    if (new Map(headers).get('data_handler') !== 'MINIO') return [`${kind} in the message`];
    const fate = await store.get(parseDataPointer(payload), { signal }).then(
      async ({ body }) => {
        await body.cancel();
        return 'kept';
      },
      (error: { code: string }) => (error.code === 'DATA_GONE' ? 'deleted' : error.code),
    );
    return [`${kind} by reference, ${fate}`];
  });
  return (await Promise.all(fates)).flat();
}

function kindOf(channel: string): string | undefined {
  if (channel.endsWith('/request')) return 'request';
  if (channel.endsWith('/response')) return 'answer';
  return channel.includes('/events/') ? 'event' : undefined;
}
