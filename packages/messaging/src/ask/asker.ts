import { ConfigError, type Issue, ValidationError, type WireMessage } from '@intersect-sdk/core';
import {
  atCaller,
  type DataSource,
  type DirectMessageParams,
  isBlob,
  type RequestOptions,
  type ResolvedRetryOptions,
  type Response,
  type StreamedResponse,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { Observers } from '../observe/observers.js';
import {
  type CheckedRequest,
  type CheckedRequestOptions,
  checkDirectMessage,
  checkRequestOptions,
  type ReadingPlace,
} from './parameters.js';
import { ItemReader } from './parts/item-reader.js';
import type { SendOptions } from './pending-request.js';
import type { Requester } from './requester.js';
import { type Retrying, retrying } from './retry.js';

interface AskerOptions {
  readonly wire: Wire;
  /** The requester of the current run; throws NOT_CONNECTED outside a run. */
  readonly requester: () => Requester;
  readonly observers: Observers;
  /** For requests that don't say themselves how they are repeated. */
  readonly retry?: ResolvedRetryOptions | undefined;
  /** Whether the program has a data store. @default false */
  readonly canStore?: boolean | undefined;
}

/** Most requests have none, so that nothing is read of them. */
const NO_OPTIONS: Partial<CheckedRequestOptions> = Object.freeze({});

/** How a request is sent once. */
type Send<Answered> = (
  requester: Requester,
  request: CheckedRequest,
  options: SendOptions,
) => Promise<Answered>;

const forAnswer: Send<Response> = (requester, request, options) => requester.request(request, options);
const forBytes: Send<StreamedResponse> = (requester, request, options) => requester.bytes(request, options);

/** A request whose parameters and options were checked. */
export interface CheckedCall {
  readonly request: CheckedRequest;
  readonly options: Partial<CheckedRequestOptions>;
  /** Called each time that a try has failed and another one follows. */
  readonly onWait?: (() => void) | undefined;
}

/** How a message is sent whose answer nobody waits for. */
export interface TellOptions {
  /** Ends the first try. Later ones end with the requester. */
  readonly signal: AbortSignal;
  /** Called each time that a try has failed and another one follows. */
  readonly onWait: () => void;
}

/** Every request of a program goes through here: it is checked, sent, and repeated where `retry` says so. */
export class Asker {
  readonly #options: AskerOptions;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the answer. Throws ConfigError or ValidationError with every problem before anything is sent; then what
   * `Requester.request` throws.
   */
  ask(params: DirectMessageParams, given: RequestOptions = NO_OPTIONS): Promise<Response> {
    return this.#ask(params, given, forAnswer);
  }

  /** As `ask`; resolves as soon as the data of the answer can be read. */
  askForBytes(params: DirectMessageParams, given: RequestOptions = NO_OPTIONS): Promise<StreamedResponse> {
    return this.#ask(params, given, forBytes);
  }

  /** Like `ask`, of what was checked before. */
  send(call: CheckedCall): Promise<Response> {
    return this.#send(call, forAnswer);
  }

  /** Like `askForBytes`, of what was checked before. */
  sendForBytes(call: CheckedCall): Promise<StreamedResponse> {
    return this.#send(call, forBytes);
  }

  /** As `ask`, item by item. Throws ConfigError or ValidationError with every problem before anything is sent. */
  askForItems(params: DirectMessageParams, given: RequestOptions = NO_OPTIONS): ItemReader<unknown> {
    return this.sendForItems(checkCall(params, given, this.#options));
  }

  /** Like `askForItems`, of what was checked before. */
  sendForItems(call: CheckedCall): ItemReader<unknown> {
    const { signal, idempotent = false } = call.options;
    return new ItemReader((items, left) => {
      items.mayBeginAnew = idempotent;
      const until = signal ? AbortSignal.any([signal, left]) : left;
      // Only what certainly reached no service is repeated: no item is read twice.
      const options = { ...call.options, signal: until, idempotent: false };
      return this.#send({ ...call, options }, (requester, request, sending) =>
        requester.items(request, sending, items),
      );
    }, signal);
  }

  // Every request comes by here, so that these are not `async`: each would make three more promises of it.
  #ask<Answered>(
    params: DirectMessageParams,
    given: RequestOptions,
    send: Send<Answered>,
  ): Promise<Answered> {
    try {
      return this.#send(checkCall(params, given, this.#options), send);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #send<Answered>(call: CheckedCall, send: Send<Answered>): Promise<Answered> {
    try {
      return atCaller(this.#sendBy(this.#options.requester(), call, send));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #sendBy<Answered>(
    requester: Requester,
    { request, options, onWait }: CheckedCall,
    send: Send<Answered>,
  ): Promise<Answered> {
    const { retry = canRepeat(request.body) ? this.#options.retry : undefined } = options;
    if (!retry || retry.attempts === 1) return send(requester, request, options);
    const { signal, idempotent = false } = options;
    let { onAccepted } = options;
    const once: typeof onAccepted = (accepted) => {
      const told = onAccepted;
      onAccepted = undefined;
      told?.(accepted);
    };
    const repeating = {
      retry,
      idempotent,
      signal: signal ? AbortSignal.any([signal, requester.ended]) : requester.ended,
      onWait,
    };
    return this.#repeat(repeating, (onFailed) =>
      send(requester, request, { ...options, onAccepted: once, onFailed }),
    );
  }

  /** Sends without waiting for the answer: resolves when a broker has the message. Throws what the broker says. */
  tell(request: CheckedRequest, { signal, onWait }: TellOptions): Promise<void> {
    const { retry } = this.#options;
    const requester = this.#options.requester();
    if (!retry || !canRepeat(request.body)) return requester.tell(request, { signal });
    let until = signal;
    const repeating = {
      retry,
      idempotent: false,
      signal: requester.ended,
      onWait: () => {
        until = requester.ended;
        onWait();
      },
    };
    return this.#repeat(repeating, (onFailed) => requester.tell(request, { signal: until, onFailed }));
  }

  /** Repeats, and shows the observers each try after the first. */
  #repeat<T>(
    repeating: Omit<Retrying, 'onRetry'>,
    work: (onFailed: (message: WireMessage) => void) => Promise<T>,
  ): Promise<T> {
    const { observers } = this.#options;
    let failed: WireMessage | undefined;
    const onFailed = (message: WireMessage): void => {
      failed = message;
    };
    return retrying(() => work(onFailed), {
      ...repeating,
      onRetry: (error, attempt) => {
        if (failed && observers.watching)
          observers.observe({ kind: 'retried', message: failed, error, attempt });
      },
    });
  }
}

/** Reads untrusted parameters and options. Throws ConfigError, or ValidationError where only the payload is wrong, with every problem. */
export function checkCall(
  params: DirectMessageParams,
  given: RequestOptions,
  { wire, canStore }: Omit<ReadingPlace, 'issues' | 'path'>,
): CheckedCall {
  const issues: Issue[] = [];
  const place = { wire, canStore, issues };
  const request = checkDirectMessage(params, place);
  const options = given === NO_OPTIONS ? NO_OPTIONS : checkRequestOptions(given, place);
  if (!mayRepeat(options, request?.body)) issues.push(READ_ONCE);
  if (request && issues.length === 0) return { request, options };
  const what = 'The request cannot be sent';
  // When only the payload is wrong, the caller gets a ValidationError instead of a ConfigError.
  const onlyPayload = issues.every(({ path }) => path.startsWith('payload'));
  throw onlyPayload ? new ValidationError(what, issues) : new ConfigError(what, issues);
}

/** What is wrong with `retry` for data that can be read once. */
export const READ_ONCE: Issue = {
  path: 'retry',
  message: 'cannot be done with what can be read once: give a Blob or a Uint8Array, or leave it out',
};

/** Whether a request with this body can be sent as often as its options say. */
export function mayRepeat({ retry }: Partial<CheckedRequestOptions>, body: DataSource | undefined): boolean {
  return retry === undefined || retry.attempts === 1 || canRepeat(body);
}

function canRepeat(body: DataSource | undefined): boolean {
  return body === undefined || isBlob(body);
}
