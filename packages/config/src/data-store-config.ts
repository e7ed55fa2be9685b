import type { Issue } from '@intersect-sdk/core';
import type { DataStoresConfig } from '@intersect-sdk/core/internal';
import { checkDataStoresConfig } from '@intersect-sdk/core/internal';
import { redactWhenPrinted } from '@intersect-sdk/transport/endpoint';

/** Reads the data stores and remembers every problem in `issues`, with paths below `path`. Their passwords print as `[redacted]`. */
export function readDataStores(input: unknown, issues: Issue[], path: string): DataStoresConfig {
  const { minio } = checkDataStoresConfig(input, issues, path);
  return { minio: minio.map((store) => redactWhenPrinted(store, ['password'])) };
}
