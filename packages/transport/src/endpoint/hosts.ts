import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { FieldReader, type TextRule } from '@intersect-sdk/core/internal';
import { isOfCredentials } from './credentials.js';
import { refuseBeside } from './options.js';
import type { BrokerUrl } from './url.js';

export interface BrokerHost {
  /** A name or an address. */
  readonly host: string;
  /** Default: `port`, else the protocol's. */
  readonly port?: number | undefined;
}

export interface ResolvedHost {
  readonly host: string;
  readonly port: number;
}

const HOST: TextRule = {
  minLength: 1,
  // A lone colon is a port that was put into the host; two or more make an IPv6 address, which may have a zone.
  pattern: /^(?:[^\s/\\?#:@]+|(?=(?:.*:){2})[0-9a-fA-F:.]+(?:%[\w.-]+)?)$/,
  hint: 'must be a host name or address alone, without protocol and port',
};
const PORT = { min: 1, max: 65_535, integer: true } as const;

export const DEFAULT_HOST = '127.0.0.1';

/** Reads `host`. */
export function readHost(read: FieldReader, fallback: string = DEFAULT_HOST): string {
  return read.text('host', fallback, HOST);
}

/** Reads `port`. */
export function readPort(read: FieldReader, fallback: number): number {
  return read.number('port', fallback, PORT);
}

/**
 * Reads `host`, `port` and `hosts`, a list of names or `{ host, port }`, or takes the host of the URL. At least one,
 * each with its port.
 */
export function readHosts(
  read: FieldReader,
  { url, port: usual }: { readonly url?: BrokerUrl | undefined; readonly port: number },
): readonly ResolvedHost[] {
  refuseBeside(read, 'url', ['host', 'port', 'hosts']);
  refuseBeside(read, 'hosts', ['host']);
  const host = readHost(read, url?.host);
  const port = readPort(read, url?.port ?? usual);
  const hosts = read.list('hosts', (value, path) => {
    const entry = new FieldReader(typeof value === 'string' ? { host: value } : value, read.issues, path);
    const one = { host: entry.requiredText('host', HOST), port: readPort(entry, port) };
    entry.rejectUnknown();
    return one;
  });
  if (Array.isArray(read.raw('hosts')) && hosts.length === 0) {
    read.addIssue('hosts', 'must name at least one host');
  }
  return hosts.length > 0 ? hosts : [{ host, port }];
}

/** Whose turn it is among the addresses of one broker, or of one cluster. Keep one for the life of a driver. */
export class HostRotation {
  readonly #hosts: readonly ResolvedHost[];
  #next = 0;

  constructor(hosts: readonly ResolvedHost[]) {
    this.#hosts = hosts;
  }

  /**
   * Tries each host once, beginning with the one after the host that was tried last, and gives what the first that
   * succeeds gives. When none does it throws one TransportError about all of them, `retryable` if that of any is. ABORTED,
   * AUTH_REFUSED and a failure of `askCredentials` end it at once: they are not about the host.
   */
  async firstToOpen<T>(open: (host: ResolvedHost) => Promise<T>): Promise<T> {
    const first = this.#next;
    const errors: TransportError[] = [];
    for (const { length } = this.#hosts; errors.length < length; ) {
      const turn = (first + errors.length) % length;
      this.#next = turn + 1;
      try {
        return await open(this.#hosts[turn] as ResolvedHost);
      } catch (error) {
        if (!(error instanceof TransportError) || endsTheSearch(error)) throw error;
        errors.push(error);
      }
    }
    throw summaryOf(errors);
  }
}

function endsTheSearch(error: TransportError): boolean {
  return error.code === 'ABORTED' || error.code === 'AUTH_REFUSED' || isOfCredentials(error);
}

function summaryOf(errors: readonly TransportError[]): TransportError {
  const telling = (errors.find((error) => error.retryable) ?? errors[0]) as TransportError;
  if (errors.length === 1) return telling;
  const each = errors.map((error) => error.message).join(' ');
  return new TransportError(
    telling.code as CodesOf<'TransportError'>,
    `None of ${errors.length} hosts could be used. ${each}`,
    {
      cause: new AggregateError(errors),
    },
  );
}
