import { type S3Store, s3Store } from '@intersect-sdk/data-store-s3';
import { type StoreEndpoints, type StoreHandle, startBrokers } from '@intersect-sdk/test-brokers';
import type { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import type { TestContext } from 'vitest';
import { skipWithout } from './skip-without.js';

/** A data store that a test may kill, and count in: never one that somebody else uses. */
export interface OwnStore extends AsyncDisposable {
  readonly server: StoreHandle;
  /** The sizes of all that this program has put and nobody has deleted, in bytes. */
  left(owner: string): Promise<number[]>;
}

/** Skips the test where this machine can't start one, and fails it where brokers are required. */
export async function ownStore(context: TestContext): Promise<OwnStore> {
  const set = await startBrokers({ s3: true, ours: true });
  const server = set.s3;
  if (server) {
    const store = storeAt(server);
    return { server, left: (owner) => leftIn(store, owner), [Symbol.asyncDispose]: () => set.stop() };
  }
  await set.stop();
  return skipWithout(`a data store to kill: ${set.unavailable[0]?.reason ?? 'it was not started'}`, context);
}

/** The store by its own URL, which also knows what was put by way of the proxy. */
export function storeAt(server: StoreEndpoints, proxy?: FaultProxy): S3Store {
  const { url, username, password } = server;
  return s3Store({ url, username, password, alsoKnownAs: proxy ? [originOf(proxy)] : [] });
}

/** The store by way of the proxy, whose URL stands in the pointers then. */
export function storeBy(proxy: FaultProxy, server: StoreEndpoints): S3Store {
  const { url, username, password } = server;
  return s3Store({ url: originOf(proxy), username, password, alsoKnownAs: [url] });
}

function originOf({ url }: FaultProxy): string {
  return new URL(url).origin;
}

async function leftIn(store: S3Store, owner: string): Promise<number[]> {
  const { signal } = new AbortController();
  const sizes: number[] = [];
  for await (const { size } of store.unclaimed({ owner, olderThanMs: -60_000 }, { signal })) sizes.push(size);
  return sizes.toSorted((a, b) => a - b);
}
