import { ConfigError, type Issue, ValidationError, type WireMessage } from '@intersect-sdk/core';
import {
  atCaller,
  type DirectMessageParams,
  type RequestOptions,
  type ResolvedRetryOptions,
  type Response,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { Observers } from '../observe/observers.js';
import {
  type CheckedRequest,
  type CheckedRequestOptions,
  checkDirectMessage,
  checkRequestOptions,
} from './parameters.js';
import type { Requester } from './requester.js';
import { type Retrying, retrying } from './retry.js';

interface AskerOptions {
  readonly wire: Wire;
  /** The requester of the current run; throws NOT_CONNECTED outside a run. */
  readonly requester: () => Requester;
  readonly observers: Observers;
  /** How long a request without its own `timeoutMs` waits, in ms. */
  readonly timeoutMs: number;
  /** For requests that don't say themselves how they are repeated. */
  readonly retry?: ResolvedRetryOptions | undefined;
}

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
  async ask(params: DirectMessageParams, given: RequestOptions = {}): Promise<Response> {
    return this.send(checkCall(params, given, this.#options.wire));
  }

  /** Like `ask`, of what was checked before. */
  async send({ request, options, onWait }: CheckedCall): Promise<Response> {
    const { timeoutMs, retry: usual } = this.#options;
    const requester = this.#options.requester();
    const { retry = usual } = options;
    const whole = { ...options, timeoutMs: options.timeoutMs ?? timeoutMs };
    if (!retry || retry.attempts === 1) return atCaller(requester.request(request, whole));
    const { signal, idempotent = false } = options;
    let { onAccepted } = options;
    const once = (): void => {
      const told = onAccepted;
      onAccepted = undefined;
      told?.();
    };
    const repeating = {
      retry,
      idempotent,
      signal: signal ? AbortSignal.any([signal, requester.ended]) : requester.ended,
      onWait,
    };
    return atCaller(
      this.#repeat(repeating, (onFailed) =>
        requester.request(request, { ...whole, onAccepted: once, onFailed }),
      ),
    );
  }

  /** Sends without waiting for the answer: resolves when a broker has the message. Throws what the broker says. */
  tell(request: CheckedRequest, { signal, onWait }: TellOptions): Promise<void> {
    const { timeoutMs, retry } = this.#options;
    const requester = this.#options.requester();
    if (!retry) return requester.tell(request, { signal, timeoutMs });
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
    return this.#repeat(repeating, (onFailed) =>
      requester.tell(request, { signal: until, timeoutMs, onFailed }),
    );
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

const NO_STORE: Issue = {
  path: 'dataHandler',
  message: 'MINIO is not supported by this version: send the data in the message (MESSAGE)',
};

/** Reads untrusted parameters and options. Throws ConfigError, or ValidationError where only the payload is wrong, with every problem. */
export function checkCall(params: DirectMessageParams, given: RequestOptions, wire: Wire): CheckedCall {
  const issues: Issue[] = [];
  const request = checkDirectMessage(params, { wire, issues });
  const options = checkRequestOptions(given, { wire, issues });
  if (request?.dataHandler === 'MINIO') issues.push(NO_STORE);
  if (request && issues.length === 0) return { request, options };
  const what = 'The request cannot be sent';
  // When only the payload is wrong, the caller gets a ValidationError instead of a ConfigError.
  const onlyPayload = issues.every(({ path }) => path.startsWith('payload'));
  throw onlyPayload ? new ValidationError(what, issues) : new ConfigError(what, issues);
}
