import type { KnownService } from './map/known-service.js';

/** Where a directory keeps what it knows while its program is away. `fileStore` of `@intersect-sdk/directory/file-store` is one. */
export interface DirectoryStore {
  /** What was saved last; nothing the first time. */
  load(): Promise<readonly KnownService[]>;
  /** Replaces what was saved. */
  save(services: readonly KnownService[]): Promise<void>;
}
