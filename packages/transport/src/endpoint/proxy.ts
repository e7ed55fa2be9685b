import { type FieldReader, type OptionRow, text } from '@intersect-sdk/core/internal';
import { hostAndPort } from './name.js';
import { type Redacted, redactWhenPrinted } from './redact.js';
import { parseUrl } from './url.js';

/** Where an HTTP proxy is, and as whom to ask it. JSON and `util.inspect` of it show neither user name nor password. */
export interface ResolvedProxy {
  /** `http://proxy.lab:3128`, without credentials. */
  readonly name: string;
  /** True if the proxy itself is reached over TLS. */
  readonly tls: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

const URL_RULE = {
  schemes: { http: { tls: false, port: 80 }, https: { tls: true, port: 443 } },
  example: 'http://proxy.lab:3128 or http://user:password@proxy.lab:3128; with TLS https://',
} as const;

/** `socks5://`, `socks4a://` and the like, as other programs write them. */
const SOCKS = /^socks[0-9a-z]*:/i;

const INSTEAD_OF_SOCKS =
  "is a SOCKS proxy, and only HTTP proxies (http:// or https://, CONNECT) can be used; with SOCKS alone open a local tunnel to the broker, e.g. 'ssh -L 8883:broker.lab:8883 gateway.lab', and give host '127.0.0.1' and, with TLS, tls.serverName";

/** Why AMQP has no proxy, and what to do there. */
export const NO_PROXY_OVER_AMQP =
  "is for mqtt5.0 only; for AMQP open a local tunnel to the broker, e.g. 'ssh -L 5671:broker.lab:5671 gateway.lab' or socat with PROXY, and give host '127.0.0.1' and, with TLS, tls.serverName";

/** The row of the option `proxy`. */
export function proxyRow(): OptionRow<string, string | undefined> {
  return text();
}

/** What the option `proxy` says. No issue repeats any of it: it may hold a password. */
export function proxyOf(read: FieldReader, given: string | undefined): Redacted<ResolvedProxy> | undefined {
  if (given === undefined) return undefined;
  const refuse = (message: string): void => read.addIssue('proxy', message);
  if (SOCKS.test(given)) {
    refuse(INSTEAD_OF_SOCKS);
    return undefined;
  }
  const url = parseUrl(given, URL_RULE, refuse);
  if (!url) return undefined;
  const { scheme, tls, host, port, username, password } = url;
  const proxy = { name: `${scheme}://${hostAndPort(url)}`, tls, host, port, username, password };
  return redactWhenPrinted(proxy, ['username', 'password']);
}
