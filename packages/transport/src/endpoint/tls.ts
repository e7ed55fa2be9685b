import {
  custom,
  either,
  FieldReader,
  flag,
  type Named,
  type OptionFacts,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  type ResolvedOf,
  readNested,
  readTable,
  text,
} from '@intersect-sdk/core/internal';
import { type Redacted, redactWhenPrinted } from './redact.js';

/** PEM text or bytes. */
export type Pem = string | Uint8Array;

interface PemRule {
  /** What a configuration file can hold of it. */
  readonly json: OptionFacts['json'];
  readonly isGood: (value: unknown) => boolean;
  readonly message: string;
}

const ONE_PEM: PemRule = { json: { type: 'string' }, isGood: isPem, message: 'must be PEM text or bytes' };

const TLS_OPTIONS = {
  /**
   * The authorities that may have signed the broker's certificate, in PEM, one or a list.
   * @default the system's
   */
  ca: pemRow<Pem | readonly Pem[]>('caFile', {
    json: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    isGood: isPemOrList,
    message: 'must be PEM text or bytes, or a list of such',
  }),
  /**
   * The client's certificate in PEM; needs `key`.
   * @default none
   */
  cert: pemRow<Pem>('certFile', ONE_PEM),
  /**
   * The private key of `cert` in PEM.
   * @default none
   */
  key: pemRow<Pem>('keyFile', ONE_PEM),
  /**
   * What `key` is encrypted with.
   * @default none
   */
  passphrase: text(),
  /**
   * The name that the broker's certificate must carry.
   * @default the host's name
   */
  serverName: text(),
} satisfies OptionTable;

/**
 * What TLS needs beyond the system's own certificate authorities; for Node only, as a browser brings
 * its own. There is no way to switch the check of the broker's certificate off.
 */
export interface TlsOptions extends Named, OptionsOf<typeof TLS_OPTIONS> {}

/** Checked TLS options. JSON and `util.inspect` of them show no secret. */
export interface ResolvedTls extends Redacted<ResolvedOf<typeof TLS_OPTIONS>> {}

/** The row of the option `tls`. */
export function tlsRow(): OptionRow<boolean | TlsOptions, boolean | ResolvedTls | undefined> {
  const object = custom<TlsOptions, ResolvedTls | undefined>({
    fields: TLS_OPTIONS,
    read: (given) => (given.value === undefined ? undefined : readNested(given, readTlsOptions)),
  });
  return either(flag(), object);
}

/** What the URL's scheme, or the protocol that was asked for in another way, says about TLS. */
export interface AskedScheme {
  readonly name: string;
  readonly tls: boolean;
}

/** What the option `tls` asks for, as its row read it, beside the scheme if there is one; undefined means no TLS. */
export function tlsOf(
  read: FieldReader,
  given: boolean | ResolvedTls | undefined,
  scheme?: AskedScheme | undefined,
): ResolvedTls | undefined {
  const asked = scheme?.tls ?? false;
  if (given === false && asked) read.addIssue('tls', `must not be false with ${scheme?.name}`);
  if (given !== undefined && given !== false && scheme && !asked) {
    read.addIssue('tls', `needs ${scheme.name}s, not ${scheme.name}`);
  }
  if (given === false || (given === undefined && !asked)) return undefined;
  return typeof given === 'object' ? given : readTlsOptions(new FieldReader({}, []));
}

/** Reads `tls`; undefined means no TLS. `scheme`: the URL's, or what was asked for in another way, if anything was. */
export function readTls(read: FieldReader, scheme?: AskedScheme | undefined): ResolvedTls | undefined {
  return tlsOf(read, tlsRow().read(read.at('tls')), scheme);
}

function readTlsOptions(fields: FieldReader): ResolvedTls {
  const tls = readTable(fields, TLS_OPTIONS);
  for (const [name, other] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (fields.raw(name) !== undefined && fields.raw(other) === undefined) {
      fields.addIssue(other, `is required with ${name}`);
    }
  }
  // A file with a certificate may hold its key too.
  const withKey = (['ca', 'cert'] as const).filter((name) => mayHoldKey(tls[name]));
  return redactWhenPrinted(tls, ['key', 'passphrase', ...withKey]);
}

function pemRow<T>(fromFile: string, { json, isGood, message }: PemRule): OptionRow<T, T | undefined> {
  return custom<T, T | undefined>({
    json,
    fromFile,
    read({ value, path, issues }) {
      if (value === undefined || isGood(value)) return value as T | undefined;
      issues.push({ path, message });
      return undefined;
    },
  });
}

function isPem(value: unknown): value is Pem {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0;
}

function isPemOrList(value: unknown): value is Pem | readonly Pem[] {
  return Array.isArray(value) ? value.length > 0 && value.every(isPem) : isPem(value);
}

function mayHoldKey(pem: Pem | readonly Pem[] | undefined): boolean {
  if (pem === undefined) return false;
  return [pem].flat().some((one) => typeof one !== 'string' || one.includes('PRIVATE KEY'));
}
