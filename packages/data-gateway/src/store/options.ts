import {
  custom,
  type Given,
  kindOf,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  required,
} from '@intersect-sdk/core/internal';

/** Gives the token for the next request. It is asked each time, so that tokens may end. */
export type TokenSource = () => string | Promise<string>;

const GATEWAY_STORE_OPTIONS = {
  /** Where the gateway is, with its path: `https://lab.example/data`, or `/data` in a page of the same origin. */
  url: required(custom<string | URL, string>({ read: readUrl })),
  /** The token that the gateway wants, or a function that gives it and is asked for each request. */
  token: required(custom<string | TokenSource, TokenSource>({ read: readToken })),
  /**
   * How long the gateway may take to answer a request, of which none has more than 5 MiB to send, and to give the next bytes, in ms.
   * @default 60000
   */
  stallTimeoutMs: ms({ default: 60_000 }),
} satisfies OptionTable;

/** What `gatewayStore` takes. */
export interface GatewayStoreOptions extends Named, OptionsOf<typeof GATEWAY_STORE_OPTIONS> {}

/** The options, checked and complete. */
export interface ResolvedGatewayStoreOptions {
  readonly url: string;
  readonly token: TokenSource;
  readonly stallTimeoutMs: number;
}

/** Throws one ConfigError with everything that is wrong. */
export function resolveGatewayStoreOptions(options: GatewayStoreOptions): ResolvedGatewayStoreOptions {
  return readOptions('The options of the gateway store cannot be used', options, (fields) =>
    readTable(fields, GATEWAY_STORE_OPTIONS),
  );
}

function readUrl({ value, path, issues }: Given): string {
  // A page may leave out its own origin.
  const base = globalThis.location?.href;
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === 'string' && URL.canParse(text, base) ? new URL(text, base) : undefined;
  const message = urlProblem(url);
  if (value !== undefined && message !== undefined) issues.push({ path, message });
  return url ? url.origin + url.pathname.replace(/\/$/, '') : '';
}

function urlProblem(url: URL | undefined): string | undefined {
  if (!url || !/^https?:$/.test(url.protocol)) {
    return "must be the URL of the gateway, such as 'https://lab.example/data'";
  }
  if (url.username || url.password)
    return 'must not have a user name or a password: the token is what opens it';
  if (url.search || url.hash) return "must end after the gateway's path";
  return undefined;
}

function readToken({ value, path, issues }: Given): TokenSource {
  if (typeof value === 'function') return value as TokenSource;
  if (typeof value === 'string' && value !== '') return () => value;
  const got = value === '' ? 'an empty text' : kindOf(value);
  if (value !== undefined) issues.push({ path, message: `must be a text or a function, got ${got}` });
  return () => '';
}
