import type { FieldReader } from '@intersect-sdk/core/internal';
import { packageOf, type Schemes } from './schemes.js';

/** What a broker's URL says. */
export interface BrokerUrl {
  readonly scheme: string;
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** The virtual host, decoded, or a WebSocket's path and query. Undefined where the URL ends before. */
  readonly after: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export interface UrlRule {
  readonly schemes: Schemes;
  /** Of a good URL, for the sentence about a bad one: `mqtt://host:1883`. */
  readonly example: string;
}

/** Reads the field `url`; undefined when it is absent or unusable. No issue repeats any of it: it may hold a password. */
export function readUrl(read: FieldReader, rule: UrlRule): BrokerUrl | undefined {
  return urlOf(read, read.text('url', undefined), rule);
}

/** As `readUrl`, for the option `url` as its row read it. */
export function urlOf(read: FieldReader, text: string | undefined, rule: UrlRule): BrokerUrl | undefined {
  return text === undefined ? undefined : parseUrl(text, rule, (message) => read.addIssue('url', message));
}

/** What a URL that stands anywhere says; `refuse` is told of each problem. */
export function parseUrl(
  text: string,
  { schemes, example }: UrlRule,
  refuse: (message: string) => void,
): BrokerUrl | undefined {
  const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? '';
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!scheme || !url || url.hostname === '') {
    const other = scheme ? undefined : packageOf(name);
    refuse(`${other ? `is a URL for ${other}; here it ` : ''}must look like ${example}`);
    return undefined;
  }
  const after = `${url.pathname}${url.search}`;
  if (/@/.test(after + url.hash)) {
    refuse(
      "has an '@' behind the host: write that as %40 and, in a user name or password, '/' as %2F, '?' as %3F, '#' as %23",
    );
    return undefined;
  }
  if (url.hash !== '' || (url.search !== '' && scheme.after !== 'path')) {
    refuse("must not have a '?' or '#' part; give such settings as fields of their own");
  }
  if (scheme.after === undefined && url.pathname.length > 1) refuse('must end after the port');
  if (scheme.after === 'virtual-host' && url.pathname.indexOf('/', 1) > 0) {
    refuse("has a virtual host with a '/' in it; write that as %2F");
  }
  const endsBefore = !/^[^/]*\/\/[^/?]*[/?]/.test(text);
  return {
    scheme: name,
    tls: scheme.tls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? scheme.port : Number(url.port),
    after: endsBefore ? undefined : scheme.after === 'path' ? after : decoded(url.pathname.slice(1)),
    username: decoded(url.username),
    password: decoded(url.password),
  };
  function decoded(part: string): string | undefined {
    try {
      return part === '' ? undefined : decodeURIComponent(part);
    } catch {
      refuse("has a '%' that is not followed by two hexadecimal digits; write it as %25");
      return undefined;
    }
  }
}
