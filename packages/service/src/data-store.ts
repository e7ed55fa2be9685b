/** A payload as it lies in a data store. */
export interface StoredPayload {
  readonly payload: Uint8Array;
  readonly contentType: string;
}

/**
 * Where payloads with the data handler `MINIO` are kept; the message carries a pointer instead
 * (protocol section 8).
 */
export interface DataStore {
  /** Stores the payload and gives the pointer, the message's payload. */
  put(data: StoredPayload, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
  /** Fetches what the pointer names. Rejects for a pointer that is no pointer, an unknown store and a missing object. */
  get(pointer: Uint8Array, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}
