import type { DataHandler, UserspaceHeaders } from '../wire/header-schemas.js';

/** What to ask, and whom. */
export interface DirectMessageParams {
  /** Address of the service: organization, facility, system, subsystem (or `-`) and service, joined by `.`. */
  readonly destination: string;
  /** `<capability>.<function>`. */
  readonly operation: string;
  /** The argument. `undefined` and `null` mean 'use the operation's default'. */
  readonly payload?: unknown;
  /**
   * With any other content type the payload is a `Uint8Array` and goes out untouched.
   * @default 'application/json'
   */
  readonly contentType?: string | undefined;
  /**
   * Where the payload travels.
   * @default 'MESSAGE'
   */
  readonly dataHandler?: DataHandler | undefined;
}

/**
 * How a request that failed is repeated. What surely reached no one is repeated; everything else that another try can
 * help only where the operation is idempotent, since it may have run.
 */
export interface RetryOptions {
  /** How many tries there are at most, the first one included. Each has the whole `timeoutMs`. */
  readonly attempts: number;
  /**
   * The longest wait before the second try, in ms; it doubles with each one. The wait itself is random below that.
   * @default 200
   */
  readonly minDelayMs?: number | undefined;
  /**
   * The longest wait before any try, in ms.
   * @default 10000
   */
  readonly maxDelayMs?: number | undefined;
}

/** How to ask. */
export interface RequestOptions {
  /**
   * How long to wait for the connection, the broker and the answer together, in ms.
   * @default 300000
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with REQUEST_ABORTED; the service may still do the work. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a broker has the request, at most once. */
  readonly onAccepted?: (() => void) | undefined;
  /**
   * Headers that the request has besides those of the protocol, e.g. `{ traceparent: '00-...' }`. The service's handler gets them as
   * `context.furtherHeaders`; services of other SDKs ignore them. Names of the protocol and names that begin with `x-intersect-` are
   * refused; at most 32768 bytes.
   * @default {}
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How the request is repeated when it fails. Without it, it is not. */
  readonly retry?: RetryOptions | undefined;
  /**
   * The operation may run twice without harm, so that `retry` also repeats what may have run.
   * @default false
   */
  readonly idempotent?: boolean | undefined;
}

/** What is known of an answer besides its value. */
export interface ResponseDetails {
  readonly requestId: string;
  readonly campaignId: string;
  readonly headers: UserspaceHeaders;
  /** Headers of the answer beyond those of the protocol, e.g. `traceparent`; empty where it has none. */
  readonly furtherHeaders: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** When the request was made and its answer came in, in ms since 1970 by this machine's clock. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** An answer that was not an error. */
export interface Response extends ResponseDetails {
  readonly source: string;
  readonly operation: string;
  /** JSON as plain values; under any other content type a `Uint8Array`. */
  readonly payload: unknown;
  /** The payload as it came: JSON can have whole numbers beyond 2^53, which are other ones in `payload`. */
  readonly bytes: Uint8Array;
}
