import { s3Store } from '@intersect-sdk/data-store-s3';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';

/** The sizes of all that these programs have put into the store and nobody has deleted, in bytes. */
export async function leftInStore(
  { url, username, password }: StoreEndpoints,
  owners: readonly string[],
): Promise<number[]> {
  const store = s3Store({ url, username, password });
  const { signal } = new AbortController();
  const sizes: number[] = [];
  for (const owner of new Set(owners)) {
    for await (const { size } of store.unclaimed({ owner, olderThanMs: -60_000 }, { signal }))
      sizes.push(size);
  }
  return sizes.toSorted((a, b) => a - b);
}
