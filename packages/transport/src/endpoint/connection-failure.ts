import type { CodesOf } from '@intersect-sdk/core';

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

/**
 * Why a socket could not be connected, for people. Undefined for an error that is not the system's word on that, and for a
 * connection that came about and was ended: only the protocol knows what that means. `what` is what should run there.
 */
export function connectionFailure(error: unknown, what = 'the broker'): ConnectionFailure | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string') return undefined;
  const found = CAUSES.find(([names]) => names.includes(code));
  if (!found) return undefined;
  const [, kind, sentence] = found;
  return { code: kind, why: `${sentence.replace('the broker', what)} (${code}${triedBy(error)}).` };
}

/** One name can have several addresses; the system tries each. */
function triedBy(error: unknown): string {
  const { errors } = error as { readonly errors?: readonly { readonly address?: unknown }[] };
  const addresses = (errors ?? []).flatMap(({ address }) => (typeof address === 'string' ? [address] : []));
  return addresses.length > 1 ? `; tried ${addresses.join(' and ')}` : '';
}
