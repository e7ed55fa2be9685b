import { ConfigError, MessageError, TransportError } from '@intersect-sdk/core';
import {
  abortedError,
  callback,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';
import type { Credentials } from '@intersect-sdk/transport/endpoint';
import { type RegistryConfig, readRegistryConfig } from './read-config.js';

const REGISTRY_OPTIONS = {
  /** Where the registry is, without `/api/v1`. */
  url: required(text()),
  /** The key that the registry gave out. It is sent as it is. */
  apiKey: required(text()),
  /**
   * How long each answer may take, in ms.
   * @default 10000
   */
  timeoutMs: ms({ default: 10_000 }),
  /**
   * How to fetch, e.g. with an authority of one's own.
   * @default the global `fetch`
   */
  fetch: callback<typeof fetch>(),
} satisfies OptionTable;

/** Where the registry is, and what it knows this program by. */
export interface RegistryOptions extends Named, OptionsOf<typeof REGISTRY_OPTIONS> {}

/** For whom credentials are asked. */
export interface RegistryAsker {
  /** The registered name of the service; absent: for a client. */
  readonly serviceName?: string | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the registry of the ecosystem for brokers and credentials. Nothing is kept: each call asks anew, so that what was changed there, or
 * refused by a broker, is not used again.
 */
export class RegistryClient {
  readonly #options: ReturnType<typeof resolve>;

  /** Asks nothing by itself. Throws ConfigError with every problem. */
  constructor(options: RegistryOptions) {
    this.#options = resolve(options);
  }

  /** Resolves when the registry answers. Throws as `serviceConfig` does. */
  async ping(options: CallOptions = {}): Promise<void> {
    await this.#get('ping', options);
  }

  /**
   * Brokers and credentials of a registered service; a registry in development mode needs no name. Throws TransportError AUTH_REFUSED for a
   * wrong key, CONNECT_REFUSED and CONNECT_TIMEOUT where the registry does not answer; ConfigError for a name that it refuses; MessageError
   * PAYLOAD_INVALID for an answer that can't be read; ABORTED.
   */
  async serviceConfig(serviceName?: string, options: CallOptions = {}): Promise<RegistryConfig> {
    const query = serviceName === undefined ? '' : `?service_name=${encodeURIComponent(serviceName)}`;
    return this.#config(`sdk/service_config${query}`, options);
  }

  /** Brokers and credentials of a client, and the name that the registry gives it. Throws as `serviceConfig` does. */
  async clientConfig(options: CallOptions = {}): Promise<RegistryConfig> {
    return this.#config('sdk/client_config', options);
  }

  /**
   * For the option `credentials` of a transport. The registry is asked for each connection: at the start, after a lost connection, and after
   * a broker refused. Of several brokers the first one's are given.
   */
  credentials({ serviceName }: RegistryAsker = {}): () => Promise<Credentials> {
    return async () => {
      const config = await (serviceName === undefined
        ? this.clientConfig()
        : this.serviceConfig(serviceName));
      const [broker] = config.brokers;
      if (broker) return { username: broker.username, password: broker.password };
      const { host } = new URL(this.#options.url);
      const text = `The registry at ${host} does not say yet how to reach a broker: give user name and password yourself.`;
      throw new TransportError('CONNECT_REFUSED', text);
    };
  }

  async #config(path: string, options: CallOptions): Promise<RegistryConfig> {
    const response = await this.#get(path, options);
    let json: unknown;
    try {
      json = await response.json();
    } catch (cause) {
      throw new MessageError(
        'PAYLOAD_INVALID',
        'The answer of the registry is no JSON. Is url that of a registry?',
        { cause },
      );
    }
    return readRegistryConfig(json);
  }

  async #get(path: string, { signal }: CallOptions): Promise<Response> {
    const { url, apiKey, timeoutMs, fetch: fetching = fetch } = this.#options;
    const target = new URL(`api/v1/${path}`, url.endsWith('/') ? url : `${url}/`);
    const at = `The registry at ${target.host}`;
    const late = AbortSignal.timeout(timeoutMs);
    let response: Response;
    try {
      response = await fetching(target, {
        headers: { authorization: apiKey },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
    } catch (cause) {
      if (signal?.aborted) throw abortedError(`Asking the registry at ${target.host}`, signal);
      if (late.aborted)
        throw new TransportError('CONNECT_TIMEOUT', `${at} did not answer within ${timeoutMs} ms.`, {
          cause,
        });
      throw new TransportError(
        'CONNECT_REFUSED',
        `${at} cannot be reached. Check url, and whether it runs.`,
        { cause },
      );
    }
    if (response.ok) return response;
    await response.body?.cancel();
    const { status } = response;
    if (status === 401 || status === 403) {
      throw new TransportError('AUTH_REFUSED', `${at} refused the key (${status}). Check apiKey.`);
    }
    if (status === 422) {
      const message = 'is refused by the registry: it must be a registered name of 3 to 63 characters';
      throw new ConfigError(`${at} was asked for something that it does not know`, [
        { path: 'serviceName', message },
      ]);
    }
    throw new TransportError('CONNECT_REFUSED', `${at} answered ${status} to ${target.pathname}.`);
  }
}

function resolve(input: RegistryOptions) {
  return readOptions('The registry cannot be asked', input, (fields) => {
    const options = readTable(fields, REGISTRY_OPTIONS);
    if (options.url && !/^https?:$/.test(protocolOf(options.url))) {
      fields.addIssue('url', 'must begin with https:// or http://');
    }
    return options;
  });
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    return '';
  }
}
