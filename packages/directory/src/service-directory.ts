import type { BufferedStream, DescriptionSource, KnownDescription } from '@intersect-sdk/messaging';
import type { KnownService, ServiceChange } from './map/known-service.js';

/** How to wait for a service. */
export interface WaitForOptions {
  /** In ms. @default 65000: a service of another SDK tells its schema again 60 s after its start */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with ABORTED. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** The changes as they come, as an async iterable. */
export type ServiceChanges = BufferedStream<ServiceChange>;

/** Which services there are. Made by `watchServices`. It is also a source for `client.describe`. */
export interface ServiceDirectory extends DescriptionSource, AsyncDisposable {
  /** Resolves when brokers confirmed that they listen and what the store knew is there. Rejects when the brokers refused. */
  readonly ready: Promise<void>;
  /** What is known now, by address. */
  readonly services: ReadonlyMap<string, KnownService>;
  /** Every change from now on: `for await (const { kind, service } of directory.changes())`. What is known already is in `services`. */
  changes(): ServiceChanges;
  /**
   * Resolves as soon as the service is there and what it can do is known, at once where that is so. Throws RequestError REQUEST_TIMEOUT, or
   * ABORTED.
   */
  waitFor(address: string, options?: WaitForOptions): Promise<KnownService>;
  /** What is known of a service, for `client.describe(address, { sources: [directory] })`. */
  find(address: string): KnownDescription | undefined;
  /** Listens no more, saves, and ends every loop over changes. Idempotent. */
  stop(): Promise<void>;
}
