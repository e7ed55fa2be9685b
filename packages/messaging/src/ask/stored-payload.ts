import { type DataStore, type Issue, MessageError, ValidationError } from '@intersect-sdk/core';
import {
  type DataPointer,
  encodeDataPointer,
  FieldReader,
  parseDataPointer,
} from '@intersect-sdk/core/internal';

/** What is needed to put a payload into a data store, or to get it from there. */
export interface StoringOptions {
  /** Payloads are put into the first store and read from any of them. */
  readonly stores: readonly DataStore[];
  readonly signal: AbortSignal;
}

/** What is put into a data store. */
interface PayloadToStore {
  readonly payload: Uint8Array;
  readonly contentType: string;
  /** The address of the program that puts it. */
  readonly owner: string;
}

/**
 * Puts a payload into the first store and gives the payload of the message that goes out in its place (protocol section 8). Throws what
 * the store throws, DATA_HANDLER_UNSUPPORTED without a store, or SCHEMA_MISMATCH for a store that gives no pointer.
 */
export async function storePayload(
  { payload, contentType, owner }: PayloadToStore,
  { stores, signal }: StoringOptions,
): Promise<Uint8Array> {
  const [store] = stores;
  if (!store) throw new MessageError('DATA_HANDLER_UNSUPPORTED', 'This program has no data store.');
  const data = { body: payload, contentType, size: payload.byteLength, owner };
  return encodeDataPointer(checkedPointer(await store.put(data, { signal }), store));
}

/**
 * The payload that a message points at. Throws what the store throws, PAYLOAD_INVALID for a message that is
 * no pointer and for data that are not whole, or DATA_HANDLER_UNSUPPORTED for a store that this program
 * does not know.
 */
export async function fetchPayload(
  message: Uint8Array,
  { stores, signal }: StoringOptions,
): Promise<Uint8Array> {
  const pointer = parseDataPointer(message);
  const store = stores.find(
    ({ url, alsoKnownAs = [] }) => url === pointer.url || alsoKnownAs.includes(pointer.url),
  );
  if (!store) {
    const text = `The payload lies in a data store that this program does not know: ${pointer.url}`;
    throw new MessageError('DATA_HANDLER_UNSUPPORTED', text);
  }
  const { body, size } = await store.get(pointer, { signal });
  const bytes = new Uint8Array(await new Response(body).arrayBuffer());
  if (size !== undefined && size !== bytes.byteLength) {
    const text = `The data store ${store.url} gave ${bytes.byteLength} bytes of data that have ${size}.`;
    throw new MessageError('PAYLOAD_INVALID', text);
  }
  return bytes;
}

/** Checked here, because a broken pointer would otherwise be noticed only by the receiver. */
function checkedPointer(given: DataPointer, store: DataStore): DataPointer {
  const issues: Issue[] = [];
  const read = new FieldReader(given, issues);
  const pointer = {
    url: read.requiredText('url', { oneOf: [store.url] }),
    bucket: read.requiredText('bucket', { minLength: 1 }),
    objectId: read.requiredText('objectId', { minLength: 1 }),
  };
  if (issues.length === 0) return pointer;
  throw new ValidationError(`The data store ${store.url} gave a pointer that cannot be used`, issues);
}
