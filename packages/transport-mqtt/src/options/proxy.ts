import { type FieldReader, type OptionRow, text } from '@intersect-sdk/core/internal';
import { hostAndPort, parseUrl, type Redacted, redactWhenPrinted } from '@intersect-sdk/transport/endpoint';

/** Where an HTTP proxy is, and as whom to ask it. JSON and `util.inspect` of it show neither user name nor password. */
export interface ResolvedProxy {
  /** `http://proxy.lab:3128`, without credentials. */
  readonly name: string;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

const URL_RULE = {
  schemes: { http: { tls: false, port: 80 } },
  example: 'http://proxy.lab:3128 or http://user:password@proxy.lab:3128',
} as const;

/** The row of the option `proxy`. */
export function proxyRow(): OptionRow<string, string | undefined> {
  return text();
}

/** What the option `proxy` says. No issue repeats any of it: it may hold a password. */
export function proxyOf(read: FieldReader, given: string | undefined): Redacted<ResolvedProxy> | undefined {
  if (given === undefined) return undefined;
  const url = parseUrl(given, URL_RULE, (message) => read.addIssue('proxy', message));
  if (!url) return undefined;
  const { host, port, username, password } = url;
  const proxy = { name: `http://${hostAndPort(url)}`, host, port, username, password };
  return redactWhenPrinted(proxy, ['username', 'password']);
}
