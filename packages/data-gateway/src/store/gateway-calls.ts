import { isIntersectError } from '@intersect-sdk/core';
import { abortedError, delay, untilAborted } from '@intersect-sdk/core/internal';
import { errorOf, late, unreachable } from './errors.js';
import type { ResolvedGatewayStoreOptions } from './options.js';

/** A request to the gateway. */
export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the gateway's path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly contentType?: string;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** How often a part is sent, and how long it is waited before, in ms. */
const WAITS_MS = [250, 1_000];

/** Asks the gateway, with the token, and makes an error of every answer that is none of success. */
export class GatewayCalls {
  readonly #options: ResolvedGatewayStoreOptions;

  constructor(options: ResolvedGatewayStoreOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  get stallTimeoutMs(): number {
    return this.#options.stallTimeoutMs;
  }

  /** Resolves when the answer begins. The signal ends its body, too. */
  async ask(call: Call): Promise<Response> {
    const { signal } = call;
    if (signal.aborted) throw abortedError('Asking the data gateway', signal);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(late(this.url)), this.stallTimeoutMs);
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      const token = await untilAborted(
        (async () => this.#options.token())(),
        'Asking for the token of the data gateway',
        either,
      );
      const answer = await fetch(this.#urlOf(call), { ...initOf(call, token), signal: either });
      if (!answer.ok) throw await errorOf(answer, this.url);
      return answer;
    } catch (error) {
      if (signal.aborted) throw abortedError('Asking the data gateway', signal);
      if (limit.signal.aborted) throw limit.signal.reason;
      throw isIntersectError(error) ? error : unreachable(this.url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The same for a request that the gateway may get twice: it is tried again where the gateway could not be reached. */
  async askAgain(call: Call): Promise<Response> {
    for (const ms of WAITS_MS) {
      try {
        return await this.ask(call);
      } catch (error) {
        if (!isIntersectError(error) || error.code !== 'DATA_STORE_AWAY') throw error;
        await delay(ms, call.signal);
      }
    }
    return await this.ask(call);
  }

  #urlOf({ path, query = {} }: Call): URL {
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }
}

function initOf({ method, contentType, body }: Call, token: string): RequestInit {
  const headers = { authorization: `Bearer ${token}`, ...(contentType && { 'content-type': contentType }) };
  return {
    method,
    headers,
    ...(body && { body: body as BodyInit }),
    // The token is all that the gateway goes by, and it goes nowhere else.
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  };
}
