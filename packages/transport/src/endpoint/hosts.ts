import { type CodesOf, TransportError } from '@intersect-sdk/core';
import {
  custom,
  type FieldReader,
  group,
  list,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  port,
  type ResolvedOf,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';
import { isOfCredentials } from './credentials.js';
import { refuseBeside } from './options.js';
import type { BrokerUrl } from './url.js';

const DEFAULT_HOST = '127.0.0.1';

const HOST_RULE = {
  // A lone colon is a port that was put into the host; two or more make an IPv6 address, which may have a zone.
  pattern: /^(?:[^\s/\\?#:@]+|(?=(?:.*:){2})[0-9a-fA-F:.]+(?:%[\w.-]+)?)$/,
  hint: 'must be a host name or address alone, without protocol and port',
} as const;

const BROKER_HOST_OPTIONS = {
  /** A name or an address. */
  host: required(text(HOST_RULE)),
  /**
   * The port at this host.
   * @default that of the option `port`
   */
  port: port(),
} satisfies OptionTable;

export interface BrokerHost extends Named, OptionsOf<typeof BROKER_HOST_OPTIONS> {}

/** A host with or without its port. */
export interface GivenHost extends Named, ResolvedOf<typeof BROKER_HOST_OPTIONS> {}

export interface ResolvedHost {
  readonly host: string;
  readonly port: number;
}

/** The row of the option `host`. */
export function hostRow(): OptionRow<string, string> {
  return text({ ...HOST_RULE, default: DEFAULT_HOST });
}

/** The row of the option `hosts`: names, or hosts with their ports. */
export function hostsRow(): OptionRow<readonly (string | BrokerHost)[], readonly GivenHost[] | undefined> {
  const host = group<BrokerHost, GivenHost>(BROKER_HOST_OPTIONS);
  const nameOrHost = custom<string | BrokerHost, GivenHost | undefined>({
    json: text(HOST_RULE).json,
    fields: BROKER_HOST_OPTIONS,
    read: (given) =>
      host.read(typeof given.value === 'string' ? { ...given, value: { host: given.value } } : given),
  });
  return list(nameOrHost, { empty: 'must name at least one host' });
}

/** The options `host`, `port` and `hosts` as their rows read them. */
export interface GivenHosts {
  readonly host: string;
  readonly port: number | undefined;
  readonly hosts: readonly GivenHost[] | undefined;
}

export interface HostsRule {
  readonly url?: BrokerUrl | undefined;
  /** Where none is given. */
  readonly port: number;
}

/** The hosts that the options name, or the host of the URL. At least one, each with its port. */
export function hostsOf(
  read: FieldReader,
  given: GivenHosts,
  { url, port: usual }: HostsRule,
): readonly ResolvedHost[] {
  refuseBeside(read, 'url', ['host', 'port', 'hosts']);
  refuseBeside(read, 'hosts', ['host']);
  const port = url?.port ?? given.port ?? usual;
  if (given.hosts === undefined || given.hosts.length === 0) return [{ host: url?.host ?? given.host, port }];
  return given.hosts.map((each) => ({ host: each.host, port: each.port ?? port }));
}

const HOSTS_ROWS = { host: hostRow(), port: port(), hosts: hostsRow() };

/**
 * Reads `host`, `port` and `hosts`, a list of names or `{ host, port }`, or takes the host of the URL. At least one,
 * each with its port.
 */
export function readHosts(read: FieldReader, rule: HostsRule): readonly ResolvedHost[] {
  return hostsOf(read, readTable(read, HOSTS_ROWS), rule);
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
