import { type CodesOf, TransportError } from '@intersect-sdk/core';
import {
  abortedError,
  callback,
  type FieldReader,
  readTable,
  text,
  untilAborted,
  within,
} from '@intersect-sdk/core/internal';
import { refuseBeside } from './options.js';
import type { BrokerUrl } from './url.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** For brokers that may let in who names neither. */
export interface OptionalCredentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Where credentials come from. It holds them in a closure, where nothing can print them. */
export type CredentialsSource<C extends OptionalCredentials = Credentials> = () => C | Promise<C>;

/** The options `username`, `password` and `credentials` as their rows read them. */
export interface GivenCredentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly credentials: CredentialsSource<OptionalCredentials> | undefined;
}

/** Where credentials come from by these options, or by the URL. All may be absent. */
export function optionalCredentialsOf(
  read: FieldReader,
  { username, password, credentials }: GivenCredentials,
  url?: BrokerUrl | undefined,
): CredentialsSource<OptionalCredentials> {
  refuseBeside(read, 'credentials', ['username', 'password']);
  if (isInUrl(url)) refuseBeside(read, 'url', ['username', 'password', 'credentials']);
  const fixed = { username: username ?? url?.username, password: password ?? url?.password };
  return credentials ?? (() => fixed);
}

/** As `optionalCredentialsOf`, where user name and password are required. */
export function credentialsOf(
  read: FieldReader,
  given: GivenCredentials,
  url?: BrokerUrl | undefined,
): CredentialsSource {
  const source = optionalCredentialsOf(read, given, url);
  if (!isInUrl(url) && read.raw('credentials') === undefined) {
    for (const name of ['username', 'password']) {
      if (read.raw(name) === undefined)
        read.addIssue(name, 'is required, unless url or credentials gives it');
    }
  }
  return source as CredentialsSource;
}

const CREDENTIALS_ROWS = {
  username: text(),
  password: text({ minLength: 0 }),
  credentials: callback<CredentialsSource<OptionalCredentials>>(),
};

/** Reads `username` and `password`, or `credentials`, or takes what the URL has. User name and password are required. */
export function readCredentials(read: FieldReader, url?: BrokerUrl | undefined): CredentialsSource {
  return credentialsOf(read, readTable(read, CREDENTIALS_ROWS), url);
}

function isInUrl(url: BrokerUrl | undefined): boolean {
  return url?.username !== undefined || url?.password !== undefined;
}

export interface AskOptions {
  /** What is to be connected to, for sentences; see `brokerName`. */
  readonly broker: string;
  /** How long the whole connecting may take, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** False: user name and password may be missing. @default true */
  readonly required?: boolean | undefined;
}

export interface Asked<C> {
  readonly credentials: C;
  /** What is left of `timeoutMs`, in ms; at least 1. */
  readonly leftMs: number;
}

const ofCredentials = new WeakSet<TransportError>();

/** True for a failure of `askCredentials` that may pass: another host would fail for the same reason. */
export function isOfCredentials(error: TransportError): boolean {
  return ofCredentials.has(error);
}

/**
 * Asks for credentials, once for each connection, so that they can change. Throws TransportError: CONNECT_REFUSED when
 * the source throws and CONNECT_TIMEOUT when it is late, which are worth another try, AUTH_REFUSED when it gives
 * something else than credentials, and ABORTED.
 */
export async function askCredentials<C extends OptionalCredentials>(
  source: CredentialsSource<C>,
  { broker, timeoutMs, signal, required = true }: AskOptions,
): Promise<Asked<C>> {
  const connecting = `Connecting to ${broker}`;
  if (signal.aborted) throw abortedError(connecting, signal);
  const startedAt = performance.now();
  const late = (): TransportError =>
    unavailable('CONNECT_TIMEOUT', `No connection to ${broker}: no credentials came within ${timeoutMs} ms.`);
  const asked = untilAborted(callSource(source, broker), connecting, signal);
  const credentials = await within(asked, timeoutMs, late);
  if (!areCredentials(credentials, required)) {
    const shape = `username and password, ${required ? 'both strings' : 'each a string or left out'}`;
    const text = `No connection to ${broker}: \`credentials\` must give an object with ${shape}.`;
    throw new TransportError('AUTH_REFUSED', text);
  }
  return { credentials, leftMs: Math.max(1, timeoutMs - (performance.now() - startedAt)) };
}

async function callSource<C>(source: () => C | Promise<C>, broker: string): Promise<C> {
  try {
    return await source();
  } catch (cause) {
    const text = `No connection to ${broker}: \`credentials\` failed. Its error is the cause.`;
    throw unavailable('CONNECT_REFUSED', text, cause);
  }
}

function unavailable(code: CodesOf<'TransportError'>, text: string, cause?: unknown): TransportError {
  const error = new TransportError(code, text, { cause });
  ofCredentials.add(error);
  return error;
}

function areCredentials(value: unknown, required: boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { username, password } = value as Record<string, unknown>;
  return [username, password].every((part) => typeof part === 'string' || (part === undefined && !required));
}
