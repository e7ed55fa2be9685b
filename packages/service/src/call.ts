import type { DataHandler } from './declaration.js';

/** A request to another service. */
export interface CallParams {
  /** The other service's address, e.g. `org.facility.system.-.service`. */
  readonly destination: string;
  /** `<capability>.<operation>`. */
  readonly operation: string;
  /** A JSON value, or a `Uint8Array` with another content type. Absent: the operation's default is asked for. */
  readonly payload?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
  /** Default `MESSAGE`. */
  readonly dataHandler?: DataHandler | undefined;
}

export interface CallOptions {
  /** How long to wait for the answer, in ms. Default 300,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The answer of another service. */
export interface CallAnswer {
  readonly requestId: string;
  readonly source: string;
  readonly operation: string;
  /** The JSON value; a `Uint8Array` for any other content type. Not checked against a schema. */
  readonly payload: unknown;
  readonly contentType: string;
}
