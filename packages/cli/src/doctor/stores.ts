import type { LoadedClientConfig } from '@intersect-sdk/config';
import { isIntersectError } from '@intersect-sdk/core';
import { storeFor } from '@intersect-sdk/messaging/broker-config';
import type { Finding } from './finding.js';

const ANSWER_MS = 15_000;
/** The bucket of the doctor, as programs have theirs. */
const OWNER = 'tmp-.tmp-.tmp-.-.intersect-doctor';

/** Whether each data store takes data, gives them back, and deletes them. */
export async function stores({ dataStores }: LoadedClientConfig, signal: AbortSignal): Promise<Finding[]> {
  const { minio } = dataStores;
  if (minio.length === 0)
    return [
      { check: 'store', level: 'note', text: 'No data store is configured; large data travel in messages.' },
    ];
  return Promise.all(
    minio.map(async (config): Promise<Finding> => {
      const check = 'store';
      const store = await storeFor(config);
      const at = store.url;
      const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) };
      try {
        const body = new TextEncoder().encode('intersect doctor');
        const pointer = await store.put(
          { body, contentType: 'text/plain', size: body.length, owner: OWNER },
          within,
        );
        await store.delete(pointer, within);
        return { check, level: 'ok', text: 'The data store takes data and deletes them.', at };
      } catch (error) {
        signal.throwIfAborted();
        const isRefused = isIntersectError(error) && error.code === 'DATA_STORE_REFUSED';
        return {
          check,
          level: 'problem',
          text: (error as Error).message,
          at,
          mend: isRefused ? `mc alias set intersect ${at} USERNAME PASSWORD` : `curl -sS -o /dev/null ${at}`,
        };
      }
    }),
  );
}
