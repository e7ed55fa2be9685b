import type { CodesOf } from '@intersect-sdk/core';
import { tlsFailure } from './tls-failure.js';

/** Why nothing could be reached at an address, and the code of the error that says so. */
export interface ConnectionFailure {
  readonly code: CodesOf<'TransportError'>;
  /** The end of a sentence that names the broker: `No connection to mqtt://host:1883: nothing accepts connections there. ...` */
  readonly why: string;
}

/** What the system's names for what failed mean to the person who reads it. */
const CAUSES: readonly (readonly [
  names: readonly string[],
  code: CodesOf<'TransportError'>,
  sentence: string,
])[] = [
  [
    ['ECONNREFUSED'],
    'CONNECT_REFUSED',
    'nothing accepts connections there. Check that the broker runs, and host and port',
  ],
  [
    ['ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA'],
    'HOST_UNKNOWN',
    'the host name could not be resolved. Check its spelling',
  ],
  [
    ['EAI_AGAIN', 'EAI_FAIL'],
    'HOST_UNKNOWN',
    'the name server gave no answer about the host name. Check the network and its DNS',
  ],
  [['ETIMEDOUT'], 'CONNECT_TIMEOUT', 'nothing answered. Check host, port and firewall'],
  [
    ['EHOSTUNREACH', 'EHOSTDOWN'],
    'CONNECT_REFUSED',
    'that host cannot be reached from here. Check that it is on, and firewalls on the way',
  ],
  [
    ['ENETUNREACH', 'ENETDOWN'],
    'CONNECT_REFUSED',
    'this machine has no way into that network. Check its own network, VPN, and for an IPv6 address that it has IPv6',
  ],
  [
    ['EACCES', 'EPERM'],
    'CONNECT_REFUSED',
    'this machine forbids the connection. Check its firewall, and what confines this program',
  ],
  [
    ['EMFILE', 'ENFILE'],
    'CONNECT_REFUSED',
    'too many files and connections are open on this machine. Close some, or raise the limit (ulimit -n)',
  ],
  [
    ['EADDRNOTAVAIL', 'EADDRINUSE', 'ENOBUFS'],
    'CONNECT_REFUSED',
    'this machine has no address or port left to connect from. Check how many connections it holds',
  ],
  [
    ['EINVAL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'],
    'CONNECT_REFUSED',
    'this machine cannot use that kind of address. Check the address, and for IPv6 its zone',
  ],
];

/** The system's and Node's names for a connection that came about and was ended. */
const ENDED = /^(?:ECONNRESET|ECONNABORTED|EPIPE|ESHUTDOWN|ENOTCONN|ERR_STREAM_|ERR_SOCKET_CLOSED)/;

/** Node's words where the broker has sent no certificate yet. */
const DURING_TLS = 'before secure TLS connection was established';

/** What was to be reached, for the sentence. */
export interface Sought {
  /**
   * What should run there.
   * @default 'the broker'
   */
  readonly what?: 'the broker' | 'the proxy' | undefined;
  /** A sentence for who reached something that ended the connection before it could be used: what to check, as the protocol has it. */
  readonly ifEnded?: string | undefined;
}

/**
 * Why a connection could not be opened, for people: the one verdict for each error of the system and of TLS, whichever protocol meets it.
 * Undefined for an error that is the protocol's own (without a code of the system's kind).
 */
export function connectionFailure(error: unknown, sought: Sought = {}): ConnectionFailure | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string' || code.startsWith('HPE_')) return undefined;
  const { what = 'the broker' } = sought;
  const tls = tlsFailure(error, what);
  if (tls) return { code: 'TLS_REFUSED', why: tls };
  if (ENDED.test(code)) return endedEarly(sought, error);
  const [, kind, sentence] = CAUSES.find(([names]) => names.includes(code)) ?? [
    [],
    'CONNECT_REFUSED' as const,
    'the network refused it or ended it. Check host, port and firewall',
  ];
  return { code: kind, why: `${sentence.replace('the broker', what)} (${code}${triedBy(error)}).` };
}

/** The verdict on a connection that was ended before anything was said on it, or of which no more is known. */
export function endedEarly({ ifEnded = '' }: Sought, error?: unknown): ConnectionFailure {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const named = typeof code === 'string' ? ` (${code})` : '';
  const why = String(message).includes(DURING_TLS)
    ? `it ended the connection during the TLS handshake${named}. Is this a port with TLS?`
    : `it ended the connection without an answer${named}. ${ifEnded}`.trimEnd();
  return { code: 'CONNECT_REFUSED', why };
}

/** One name can have several addresses; the system tries each. */
function triedBy(error: unknown): string {
  const { errors } = error as { readonly errors?: readonly { readonly address?: unknown }[] };
  const addresses = (errors ?? []).flatMap(({ address }) => (typeof address === 'string' ? [address] : []));
  return addresses.length > 1 ? `; tried ${addresses.join(' and ')}` : '';
}
