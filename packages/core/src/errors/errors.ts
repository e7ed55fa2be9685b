import { type CodesOf, ERROR_CODES, type ErrorCode, type ErrorCodeEntry } from './error-codes.js';

/** One problem of an input, and where in the input it stands (`brokers[0].port`; empty for the whole). */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export interface IntersectErrorOptions {
  /** What made this happen, e.g. the error of the library underneath. */
  readonly cause?: unknown;
  /** Default: what is true of every error with this code. */
  readonly mayHaveRun?: boolean | undefined;
  /** Default: what is true of every error with this code. */
  readonly retryable?: boolean | undefined;
}

// ESM and CJS builds can both be loaded in one process, so classes are recognised by their name under this
// brand and not by identity.
const BRAND = Symbol.for('intersect-sdk.error');

/**
 * The base of every error that this SDK throws. `code` says what happened and never changes its
 * meaning; `retryable` says whether the same call can succeed later without a change by the caller.
 * `instanceof` also works between the ESM and the CJS build.
 */
export class IntersectError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /**
   * Of an error that ended a request or a publish: false only where it is certain that no one got the message, so that
   * sending it again runs nothing twice.
   */
  readonly mayHaveRun: boolean;

  constructor(code: ErrorCode, message: string, options: IntersectErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    const { retryable, mayHaveRun = true }: ErrorCodeEntry = ERROR_CODES[code];
    this.retryable = options.retryable ?? retryable;
    this.mayHaveRun = options.mayHaveRun ?? mayHaveRun;
    const lineage: string[] = [];
    for (
      let proto = Object.getPrototypeOf(this);
      proto instanceof Error;
      proto = Object.getPrototypeOf(proto)
    ) {
      lineage.push(proto.name);
    }
    Object.defineProperty(this, BRAND, { value: lineage });
  }

  /** In JSON an error has its name and its sentence too, as in a health endpoint or a log; the cause and the stack stay out. */
  toJSON(): object {
    return Object.assign({ name: this.name, message: this.message }, this);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const lineage = (value as { [BRAND]?: readonly string[] } | null | undefined)?.[BRAND];
    return Array.isArray(lineage) && lineage.includes(this.prototype.name);
  }
}

/** The configuration or the arguments of a call can't be used; `issues` lists every problem at once. */
export class ConfigError extends IntersectError {
  readonly issues: readonly Issue[];

  constructor(what: string, issues: readonly Issue[], options: IntersectErrorOptions = {}) {
    super('CONFIG_INVALID', sentenceOf(what, issues), options);
    this.issues = issues;
  }
}

/** The object is in a state in which it can't do this: CLOSED, DRAINING, NOT_CONNECTED. */
export class IllegalStateError extends IntersectError {
  constructor(code: CodesOf<'IllegalStateError'>, message: string, options?: IntersectErrorOptions) {
    super(code, message, options);
  }
}

/** The connection to a broker failed, was refused or was lost. */
export class TransportError extends IntersectError {
  constructor(code: CodesOf<'TransportError'>, message: string, options?: IntersectErrorOptions) {
    super(code, message, options);
  }
}

/** A message was not published, or it is unknown whether it was. */
export class PublishError extends TransportError {
  constructor(code: CodesOf<'PublishError'>, message: string, options?: IntersectErrorOptions) {
    // The code is this class's own, which the constructor of the class above has no type for.
    super(code as never, message, options);
  }
}

/** A channel could not be subscribed. */
export class SubscribeError extends TransportError {
  constructor(code: CodesOf<'SubscribeError'>, message: string, options?: IntersectErrorOptions) {
    // The code is this class's own, which the constructor of the class above has no type for.
    super(code as never, message, options);
  }
}

/** A message that came in breaks the protocol; `issues` names each header or part that is wrong. */
export class MessageError extends IntersectError {
  readonly issues: readonly Issue[];

  constructor(
    code: CodesOf<'MessageError'>,
    message: string,
    options: IntersectErrorOptions & { readonly issues?: readonly Issue[] } = {},
  ) {
    super(code, options.issues ? sentenceOf(message, options.issues) : message, options);
    this.issues = options.issues ?? [];
  }
}

/** Data could not be put into a data store, or got from there: DATA_GONE, DATA_CUT, DATA_STORE_AWAY and so on. */
export class DataError extends IntersectError {
  constructor(code: CodesOf<'DataError'>, message: string, options?: IntersectErrorOptions) {
    super(code, message, options);
  }
}

/** A value doesn't fit its schema or can't be carried as JSON; `issues` lists every problem at once. */
export class ValidationError extends MessageError {
  constructor(what: string, issues: readonly Issue[], options: IntersectErrorOptions = {}) {
    super('SCHEMA_MISMATCH' as never, what, { ...options, issues });
  }
}

/** What is known of the request that failed. */
export interface RequestErrorDetails extends IntersectErrorOptions {
  readonly requestId: string;
  /** The address that was asked. */
  readonly destination: string;
  readonly operation: string;
  /** @default [] */
  readonly issues?: readonly Issue[] | undefined;
  /** Headers of the answer beyond those of the protocol. @default {} */
  readonly furtherHeaders?: Readonly<Record<string, string>> | undefined;
}

/** A request ended without an answer that can be used. For REMOTE_ERROR `message` is the service's own sentence. */
export class RequestError extends IntersectError {
  readonly requestId: string;
  readonly destination: string;
  readonly operation: string;
  /** For REMOTE_ERROR each problem of an argument that the service refused, where it is a service of this SDK; else empty. */
  readonly issues: readonly Issue[];
  /** For REMOTE_ERROR the headers of the answer beyond those of the protocol, e.g. `traceparent`; else empty. */
  readonly furtherHeaders: Readonly<Record<string, string>>;

  constructor(code: CodesOf<'RequestError'>, message: string, details: RequestErrorDetails) {
    super(code, message, details);
    this.requestId = details.requestId;
    this.destination = details.destination;
    this.operation = details.operation;
    this.issues = details.issues ?? [];
    this.furtherHeaders = details.furtherHeaders ?? {};
  }
}

/**
 * Throw this from a capability's code to tell the caller why: its text is the only one that leaves
 * the process. Anything else that is thrown is answered with a generic sentence.
 */
export class CapabilityError extends IntersectError {
  constructor(message: string, options: IntersectErrorOptions = {}) {
    super('CAPABILITY_ERROR', message, options);
  }
}

// Classes are recognised by this name, which stays the same in both builds and after minifying.
const CLASSES = {
  IntersectError,
  ConfigError,
  IllegalStateError,
  TransportError,
  PublishError,
  SubscribeError,
  MessageError,
  DataError,
  ValidationError,
  RequestError,
  CapabilityError,
};
for (const [name, { prototype }] of Object.entries(CLASSES)) prototype.name = name;

/** True for every error of this SDK, whichever copy of the package made it. */
export function isIntersectError(value: unknown): value is IntersectError {
  return value instanceof IntersectError;
}

function sentenceOf(what: string, issues: readonly Issue[]): string {
  return `${what}: ${issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')}`;
}
