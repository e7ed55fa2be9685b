import { group } from '../options/nested.js';
import { count, ms } from '../options/numbers.js';
import type { Named, OptionRow, OptionsOf, OptionTable, ResolvedOf } from '../options/option.js';
import { abortSignal, callback, flag } from '../options/others.js';
import { readTable } from '../options/read-options.js';
import { custom, required } from '../options/special.js';
import { oneOf, text } from '../options/texts.js';
import type { FieldReader } from '../plumbing/field-reader.js';
import { furtherHeadersRow } from '../wire/headers/further-headers.js';
import type { UserspaceHeaders } from '../wire/headers/header-schemas.js';
import type { Progress } from './progress.js';

const DIRECT_MESSAGE_OPTIONS = {
  /** Address of the service: organization, facility, system, subsystem (or `-`) and service, joined by `.`. */
  destination: required(text()),
  /** `<capability>.<function>`. */
  operation: required(text()),
  /**
   * The argument. `undefined` and `null` mean 'use the operation's default'. In a configuration file it stays exactly as it stands there.
   * @default the operation's default
   */
  payload: custom<unknown, unknown>({ json: {}, read: ({ value }) => value }),
  /**
   * With any other content type the payload is a `Uint8Array` and goes out untouched. It may also be a `Blob` (a `File`), a `ReadableStream`
   * or an async iterable of `Uint8Array`: then it travels through a data store without ever being in memory as a whole, or, without a store,
   * is gathered up to `maxDataBytes` and travels in the message.
   * @default 'application/json'
   */
  contentType: text({ default: 'application/json', minLength: 0 }),
  /**
   * Where the payload travels: in the message, or through the first of the program's data stores, with a pointer in the message. The service
   * needs that store too.
   * @default 'MESSAGE'; 'MINIO' for a Blob, a stream or an async iterable where there is a store
   */
  dataHandler: oneOf(['MESSAGE', 'MINIO']),
} satisfies OptionTable;

/** What to ask, and whom. */
export interface DirectMessageParams extends Named, OptionsOf<typeof DIRECT_MESSAGE_OPTIONS> {}
export interface GivenMessage extends Named, ResolvedOf<typeof DIRECT_MESSAGE_OPTIONS> {}

/** The row of a message. It gives what was given: what it must be depends on the wire version. */
export function directMessageRow(): OptionRow<DirectMessageParams, unknown> {
  return custom<DirectMessageParams, unknown>({ fields: DIRECT_MESSAGE_OPTIONS, read: ({ value }) => value });
}

/** Reads the fields of a message as far as they need no wire version. */
export function readDirectMessage(fields: FieldReader): GivenMessage {
  return readTable(fields, DIRECT_MESSAGE_OPTIONS);
}

const RETRY_OPTIONS = {
  /** How many tries there are at most, the first one included. Each has the whole `timeoutMs`. */
  attempts: required(count()),
  /**
   * The longest wait before the second try, in ms; it doubles with each one. The wait itself is random below that.
   * @default 200
   */
  minDelayMs: ms({ default: 200, min: 0 }),
  /**
   * The longest wait before any try, in ms.
   * @default 10000
   */
  maxDelayMs: ms({ default: 10_000, min: 0 }),
} satisfies OptionTable;

/**
 * How a request that failed is repeated. A request that certainly reached no service is repeated. One that may have run is
 * repeated only if the operation is idempotent and another attempt can help.
 */
export interface RetryOptions extends Named, OptionsOf<typeof RETRY_OPTIONS> {}
export interface ResolvedRetryOptions extends Named, ResolvedOf<typeof RETRY_OPTIONS> {}

/** The row of the option `retry`. */
export function retryRow(): OptionRow<RetryOptions, ResolvedRetryOptions | undefined> {
  return group<RetryOptions, ResolvedRetryOptions>(RETRY_OPTIONS);
}

/** A request that a broker has. */
export interface AcceptedRequest {
  readonly requestId: string;
}

const REQUEST_OPTIONS = {
  /**
   * How long to wait for the connection, the broker and the answer together, in ms.
   * @default the `requestTimeoutMs` of the client or service, 300000 if it says none; with `idleTimeoutMs`, and for a stream, that counts until the service has said that it has the request, and then there is no limit
   */
  timeoutMs: ms(),
  /**
   * Ends the wait with REQUEST_ABORTED. A service of this SDK is told, and its handler's signal aborts; any other may still do the work.
   * @default none
   */
  signal: abortSignal(),
  /**
   * Called when a broker has the request, at most once, with its `requestId`.
   * @default nobody is told
   */
  onAccepted: callback<(accepted: AcceptedRequest) => void>(),
  /**
   * Called with what the handler reports with `context.progress`, in order. What comes faster than it can be sent is left out, never the
   * last. Services of other SDKs report none.
   * @default nobody is told
   */
  onProgress: callback<(progress: Progress) => void>(),
  /**
   * How long the service may give no sign of life once it has said that it has the request, in ms; then the request ends with REQUEST_SILENT.
   * A service of this SDK gives one every 5 s, also while the request waits for its place. Those of other SDKs give none, so that
   * `timeoutMs` counts for them.
   * @default 60000 with `onProgress` and for a stream, else no such limit
   */
  idleTimeoutMs: ms(),
  /**
   * Headers that the request has besides those of the protocol, e.g. `{ traceparent: '00-...' }`. The service's handler gets them as
   * `context.furtherHeaders`; services of other SDKs ignore them. Names of the protocol and names that begin with `x-intersect-` are
   * refused; at most 32768 bytes.
   * @default {}
   */
  headers: furtherHeadersRow(),
  /**
   * How the request is repeated when it fails. Without it, it is not.
   * @default that of the client, if it has one
   */
  retry: retryRow(),
  /**
   * The operation may run twice without harm, so that `retry` also repeats what may have run.
   * @default false
   */
  idempotent: flag({ default: false }),
  /**
   * Leave what lies in a data store for this request there: the answer's data once they were read, and the argument's where no service got
   * them. Otherwise they are deleted then.
   * @default that of the client or service
   */
  keepData: flag(),
} satisfies OptionTable;

/** How to ask. */
export interface RequestOptions extends Named, OptionsOf<typeof REQUEST_OPTIONS> {}
export interface ResolvedRequestOptions extends Named, ResolvedOf<typeof REQUEST_OPTIONS> {}

/** Reads the options of a request; of the headers only the wire knows whether they may be sent. */
export function readRequestOptions(fields: FieldReader): ResolvedRequestOptions {
  return readTable(fields, REQUEST_OPTIONS);
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

/** An answer that was not an error, with its data still to be read. */
export interface StreamedResponse extends ResponseDetails {
  readonly source: string;
  readonly operation: string;
  /**
   * The data, JSON too as the bytes that it is. Ends without an error only if they are complete and right: else it fails with DATA_CUT,
   * DATA_CORRUPT or what the store fails with. Where they lie in a data store, they are deleted once they were read to the end, and stay
   * there where the stream was cut or cancelled. The request's time does not count for it; its signal ends it.
   */
  readonly body: ReadableStream<Uint8Array>;
  /** In bytes, where it is known. */
  readonly size: number | undefined;
}

/** An answer that was not an error. */
export interface Response extends ResponseDetails {
  readonly source: string;
  readonly operation: string;
  /** JSON as plain values; under any other content type a `Uint8Array`. */
  readonly payload: unknown;
  /**
   * The payload as it came: JSON can have whole numbers beyond 2^53, which are other ones in `payload` unless bigints were asked for. Of
   * data out of a data store that are no JSON it is `payload` itself.
   */
  readonly bytes: Uint8Array;
}
