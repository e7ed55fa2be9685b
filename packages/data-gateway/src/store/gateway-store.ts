import {
  DataError,
  type DataPointer,
  type DataStore,
  type DataStoreOptions,
  type DataToPut,
  type StoredData,
  type StoredPointer,
} from '@intersect-sdk/core';
import { type GatewayFacts, OBJECT_PATH, QUERY } from '../api.js';
import { passage } from '../passage.js';
import { factsIn, pointerIn } from './answers.js';
import { readErrors } from './errors.js';
import { GatewayCalls } from './gateway-calls.js';
import { type GatewayStoreOptions, resolveGatewayStoreOptions } from './options.js';
import { putInParts } from './put-in-parts.js';

/**
 * The data stores behind a `dataGateway` as one data store, for web pages: no secret of a store is in the page. Asks the gateway
 * first, so it rejects where the gateway can't be reached (DATA_STORE_AWAY), refuses the token (DATA_STORE_REFUSED) or is none
 * (DATA_STORE_UNKNOWN), and with CONFIG_INVALID for options that can't be used. The errors of its methods have the codes
 * that the stores' have. More than 5 MiB go out in parts of that size, of a stream and of bytes, with no more than two in memory.
 */
export async function gatewayStore(
  options: GatewayStoreOptions,
  { signal = new AbortController().signal }: Partial<DataStoreOptions> = {},
): Promise<DataStore> {
  const calls = new GatewayCalls(resolveGatewayStoreOptions(options));
  const answer = await calls.ask({ method: 'GET', path: '', signal });
  return new GatewayStore(calls, await factsIn(answer, calls.url));
}

class GatewayStore implements DataStore {
  readonly #calls: GatewayCalls;
  readonly #facts: GatewayFacts;
  readonly url: string;
  readonly alsoKnownAs: readonly string[];

  constructor(calls: GatewayCalls, facts: GatewayFacts) {
    this.#calls = calls;
    this.#facts = facts;
    this.url = facts.url;
    this.alsoKnownAs = facts.alsoKnownAs;
  }

  async put(data: DataToPut, { signal }: DataStoreOptions): Promise<StoredPointer> {
    const { maxDataBytes, partBytes } = this.#facts;
    const size = data.body instanceof Uint8Array ? data.body.byteLength : data.size;
    if (size !== undefined && size > maxDataBytes) {
      if (!(data.body instanceof Uint8Array)) await data.body.cancel();
      const text = `The data have ${size} bytes, and the data gateway ${this.#calls.url} takes no more than ${maxDataBytes}.`;
      throw new DataError('DATA_TOO_LARGE', text);
    }
    const answer = await putInParts({ ...data, size }, { calls: this.#calls, partBytes, signal });
    return await pointerIn(answer, this.#calls.url);
  }

  async get(pointer: DataPointer, { signal }: DataStoreOptions): Promise<StoredData> {
    const { url, stallTimeoutMs } = this.#calls;
    const answer = await this.#calls.ask({
      method: 'GET',
      path: OBJECT_PATH,
      query: queryOf(pointer),
      signal,
    });
    const size = sizeOf(answer.headers);
    const body = passage(answer.body ?? new Blob().stream(), {
      size,
      sourceMs: stallTimeoutMs,
      signal,
      errors: readErrors(url, signal),
    });
    return { body, size, contentType: answer.headers.get('content-type') ?? 'application/octet-stream' };
  }

  async delete(pointer: DataPointer, { signal }: DataStoreOptions): Promise<void> {
    const query = queryOf(pointer);
    try {
      await this.#calls.ask({ method: 'DELETE', path: OBJECT_PATH, query, signal });
    } catch (error) {
      if (!(error instanceof DataError) || error.code !== 'DATA_GONE') throw error;
    }
  }
}

function queryOf({ url, bucket, objectId }: DataPointer): Record<string, string> {
  return { [QUERY.url]: url, [QUERY.bucket]: bucket, [QUERY.objectId]: objectId };
}

/** The length is that of the data only where no proxy has packed them. */
function sizeOf(headers: Headers): number | undefined {
  const said = headers.get('content-length');
  return said === null || headers.has('content-encoding') ? undefined : Number(said);
}
