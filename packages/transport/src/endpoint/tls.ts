import { FieldReader } from '@intersect-sdk/core/internal';
import { type Redacted, redactWhenPrinted } from './redact.js';

/** PEM text or bytes. */
export type Pem = string | Uint8Array;

/**
 * What TLS needs beyond the system's own certificate authorities; for Node only, as a browser brings
 * its own. There is no way to switch the check of the broker's certificate off.
 */
export interface TlsOptions {
  /** The authorities that may have signed the broker's certificate, instead of the system's. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's certificate; needs `key`. */
  readonly cert?: Pem | undefined;
  /** The private key of `cert`. */
  readonly key?: Pem | undefined;
  /** What `key` is encrypted with. */
  readonly passphrase?: string | undefined;
  /** The name that the broker's certificate must carry. Default: the host's name. */
  readonly serverName?: string | undefined;
}

/** Checked TLS options. JSON and `util.inspect` of them show no secret. */
export type ResolvedTls = Redacted<{
  readonly ca: Pem | readonly Pem[] | undefined;
  readonly cert: Pem | undefined;
  readonly key: Pem | undefined;
  readonly passphrase: string | undefined;
  readonly serverName: string | undefined;
}>;

/** Reads `tls`; undefined means no TLS. `scheme`: the URL's, or what was asked for in another way, if anything was. */
export function readTls(
  read: FieldReader,
  scheme?: { readonly name: string; readonly tls: boolean } | undefined,
): ResolvedTls | undefined {
  const value = read.raw('tls');
  const asked = scheme?.tls ?? false;
  if (value === false && asked) read.addIssue('tls', `must not be false with ${scheme?.name}`);
  if (value !== undefined && value !== false && scheme && !asked) {
    read.addIssue('tls', `needs ${scheme.name}s, not ${scheme.name}`);
  }
  if (value === false || (value === undefined && !asked)) return undefined;
  const given = value === true || value === undefined ? {} : value;
  const fields = new FieldReader(given, read.issues, read.pathOf('tls'));
  const tls = {
    ca: readAuthorities(fields),
    cert: readPem(fields, 'cert'),
    key: readPem(fields, 'key'),
    passphrase: fields.text('passphrase', undefined, { minLength: 1 }),
    serverName: fields.text('serverName', undefined, { minLength: 1 }),
  };
  for (const [name, other] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (fields.raw(name) !== undefined && fields.raw(other) === undefined) {
      fields.addIssue(other, `is required with ${name}`);
    }
  }
  fields.rejectUnknown();
  // A file with a certificate may hold its key too.
  const withKey = (['ca', 'cert'] as const).filter((name) => mayHoldKey(tls[name]));
  return redactWhenPrinted(tls, ['key', 'passphrase', ...withKey]);
}

function readAuthorities(fields: FieldReader): Pem | readonly Pem[] | undefined {
  const value = fields.raw('ca');
  if (!Array.isArray(value)) return readPem(fields, 'ca');
  if (value.length > 0 && value.every(isPem)) return [...value];
  fields.addIssue('ca', 'must be PEM text or bytes, or a list of such');
  return undefined;
}

function readPem(fields: FieldReader, name: string): Pem | undefined {
  const value = fields.raw(name);
  if (value === undefined || isPem(value)) return value;
  fields.addIssue(name, 'must be PEM text or bytes');
  return undefined;
}

function isPem(value: unknown): value is Pem {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0;
}

function mayHoldKey(pem: Pem | readonly Pem[] | undefined): boolean {
  if (pem === undefined) return false;
  return [pem].flat().some((one) => typeof one !== 'string' || one.includes('PRIVATE KEY'));
}
