// What became of the data that an app sent by reference.
import { parseDataPointer } from '@intersect-sdk/core/internal';
import { s3Store } from '@intersect-sdk/data-store-s3';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';
import type { SeenMessage } from './known-traffic.js';

const FATES = { DATA_GONE: 'deleted' } as const;

/**
 * For each request, answer and event in the order of the traffic: the last part of its channel that is the same in every run, and
 * whether it was in the message, or by reference and is by now `kept` or `deleted` in the store.
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
  if (channel.includes('/events/')) return 'event';
  return /\/(request|response)$/.exec(channel)?.[1];
}
