import { ConfigError, type Issue, newId, ValidationError } from '@intersect-sdk/core';
import { FieldReader, joinPaths, kindOf, throwConfigError } from '@intersect-sdk/core/internal';
import {
  asError,
  type CheckedCall,
  type CheckedRequest,
  checkCall,
  type DirectMessageParams,
  type ReadingPlace,
  type Reporter,
  type Requester,
  type RequestOptions,
  type Response,
} from '@intersect-sdk/messaging';

/** How a request to another service ended. Told exactly once, also when no answer came. */
export interface ExternalResponse {
  readonly requestId: string;
  /** The service that was asked. */
  readonly source: string;
  readonly operation: string;
  readonly hasError: boolean;
  /** The answer; with `hasError` the sentence of the service, or of this one where no answer came. */
  readonly payload: unknown;
  /** The answer with all that is known of it; absent with `hasError`. */
  readonly response?: Response | undefined;
  /** What went wrong: REMOTE_ERROR, REQUEST_TIMEOUT, UNROUTABLE, ... */
  readonly error?: Error | undefined;
}

export type ExternalResponseHandler = (response: ExternalResponse) => void | Promise<void>;

/** A request to another service, and who is told how it ended. */
export interface ExternalRequest {
  readonly request: DirectMessageParams;
  readonly responseHandler?: ExternalResponseHandler | undefined;
  /** How long to wait for the answer, in ms. Default: the service's `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Headers that the request has besides those of the protocol; see `RequestOptions`. @default {} */
  readonly headers?: RequestOptions['headers'];
}

/** An external request with its payload encoded, which can be sent any number of times. */
export interface CheckedExternalRequest extends CheckedCall {
  readonly responseHandler: ExternalResponseHandler | undefined;
}

interface SentExternalRequest extends CheckedExternalRequest {
  readonly request: CheckedRequest & { readonly requestId: string };
}

/** How a service reads a request. */
type Around = Omit<ReadingPlace, 'issues' | 'path'>;

/** Throws ConfigError with every problem, or ValidationError where only the payload is wrong. */
export function checkExternalRequest(
  { request, responseHandler }: Pick<ExternalRequest, 'request' | 'responseHandler'>,
  given: unknown,
  around: Around,
): CheckedExternalRequest {
  const issues: Issue[] = [];
  if (responseHandler !== undefined && typeof responseHandler !== 'function') {
    issues.push({ path: 'responseHandler', message: `must be a function, got ${kindOf(responseHandler)}` });
  }
  const read = new FieldReader(given, issues);
  // Only these: it is sent once, so `retry` would promise what is not done.
  const options = { timeoutMs: read.raw('timeoutMs'), headers: read.raw('headers') } as RequestOptions;
  read.rejectUnknown();
  try {
    const call = checkCall(request, options, around);
    if (issues.length === 0) return { ...call, responseHandler };
  } catch (error) {
    if (issues.length === 0 || !isCheckError(error)) throw error;
    issues.push(...error.issues);
  }
  throw new ConfigError('The request cannot be sent', issues);
}

/** Throws ConfigError with every problem of all of them. */
export function checkExternalRequests(given: unknown, around: Around): CheckedExternalRequest[] {
  const what = 'The requests cannot be sent';
  if (!Array.isArray(given)) {
    throw new ConfigError(what, [{ path: 'messages', message: `must be a list, got ${kindOf(given)}` }]);
  }
  const issues: Issue[] = [];
  const checked = given.flatMap((message: unknown, index) => {
    const path = `messages[${index}]`;
    if (!new FieldReader(message, issues, path).isObject) return [];
    const { request, responseHandler, ...options } = message as ExternalRequest;
    try {
      return checkExternalRequest({ request, responseHandler }, options, around);
    } catch (error) {
      if (!isCheckError(error)) throw error;
      issues.push(...error.issues.map((issue) => ({ ...issue, path: joinPaths(path, issue.path) })));
      return [];
    }
  });
  throwConfigError(what, issues);
  return checked;
}

function isCheckError(error: unknown): error is ConfigError | ValidationError {
  return error instanceof ConfigError || error instanceof ValidationError;
}

function withNewId({ request, ...others }: CheckedExternalRequest): SentExternalRequest {
  return { ...others, request: { ...request, requestId: newId() } };
}

interface Sending {
  readonly requester: Requester;
  readonly report: Reporter;
  /** For requests that don't say themselves how long they wait. */
  readonly timeoutMs: number;
}

/** Requests to other services whose outcome goes to a handler: they wait until the service is started. */
export class ExternalRequests {
  readonly #options: Omit<Sending, 'requester'>;
  #requester: Requester | undefined;
  #waiting: SentExternalRequest[] = [];

  constructor(options: Omit<Sending, 'requester'>) {
    this.#options = options;
  }

  /** From now on requests are sent at once; those that waited are sent now. */
  open(requester: Requester): void {
    this.#requester = requester;
    for (const request of this.#waiting.splice(0)) void send(request, { ...this.#options, requester });
  }

  /** From now on requests wait for the next `open`. */
  close(): void {
    this.#requester = undefined;
  }

  /** Gives the id of the request. */
  create(checked: CheckedExternalRequest): string {
    const request = withNewId(checked);
    const requester = this.#requester;
    if (requester) void send(request, { ...this.#options, requester });
    else this.#waiting.push(request);
    return request.request.requestId;
  }
}

/** Sends requests; resolves when all of them ended, and those with a handler were told. */
export async function sendAll(requests: readonly CheckedExternalRequest[], sending: Sending): Promise<void> {
  await Promise.all(
    requests.map((request) =>
      request.responseHandler ? send(withNewId(request), sending) : tell(request, sending),
    ),
  );
}

/** Without a handler the answer is not waited for: it ends when a broker has accepted the request. */
async function tell({ request, options }: CheckedExternalRequest, sending: Sending): Promise<void> {
  const { destination, operation } = request;
  try {
    await sending.requester.tell(request, { ...options, timeoutMs: options.timeoutMs ?? sending.timeoutMs });
  } catch (error) {
    sending.report({ kind: 'call-failed', destination, operation, error });
  }
}

async function send(
  { request, responseHandler, options }: SentExternalRequest,
  { requester, report, timeoutMs }: Sending,
): Promise<void> {
  const { requestId, destination: source, operation } = request;
  const about = { requestId, source, operation };
  let outcome: ExternalResponse;
  try {
    const response = await requester.request(request, {
      ...options,
      timeoutMs: options.timeoutMs ?? timeoutMs,
    });
    outcome = { ...about, hasError: false, payload: response.payload, response };
  } catch (thrown) {
    const error = asError(thrown);
    outcome = { ...about, hasError: true, payload: error.message, error };
    report({ kind: 'call-failed', destination: source, operation, requestId, error });
  }
  try {
    await responseHandler?.(outcome);
  } catch (thrown) {
    report({ kind: 'handler-failed', destination: source, operation, requestId, error: thrown });
  }
}
