import { FieldReader } from '@intersect-sdk/core/internal';

/** PEM text or bytes. */
export type Pem = string | Uint8Array;

/** What TLS needs beyond the system's own certificate authorities. There is no way to switch the check of the broker's certificate off. */
export interface AmqpTlsOptions {
  /** The authorities that may have signed the broker's certificate, instead of the system's. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's certificate; needs `key`. */
  readonly cert?: Pem | undefined;
  /** The private key of `cert`. */
  readonly key?: Pem | undefined;
  /** What `key` is encrypted with. */
  readonly passphrase?: string | undefined;
  /** The name that the broker's certificate must carry. @default the host's name */
  readonly serverName?: string | undefined;
}

/** Checked TLS options. */
export interface ResolvedTls {
  readonly ca: Pem | readonly Pem[] | undefined;
  readonly cert: Pem | undefined;
  readonly key: Pem | undefined;
  readonly passphrase: string | undefined;
  readonly serverName: string | undefined;
}

/** Reads the field `tls`; undefined means no TLS. */
export function readTls(fields: FieldReader, fromUrl: boolean): ResolvedTls | undefined {
  const value = fields.raw('tls');
  if (value === false && fromUrl) fields.addIssue('tls', 'must not be false with an amqps:// URL');
  if (value === false || (value === undefined && !fromUrl)) return undefined;
  const tls = new FieldReader(
    value === true || value === undefined ? {} : value,
    fields.issues,
    fields.pathOf('tls'),
  );
  const read = {
    ca: readPem(tls, 'ca', { several: true }) as ResolvedTls['ca'],
    cert: readPem(tls, 'cert') as Pem | undefined,
    key: readPem(tls, 'key') as Pem | undefined,
    passphrase: tls.text('passphrase', undefined),
    serverName: tls.text('serverName', undefined, { minLength: 1 }),
  };
  if (read.cert !== undefined && read.key === undefined) tls.addIssue('key', 'is required with cert');
  if (read.key !== undefined && read.cert === undefined) tls.addIssue('cert', 'is required with key');
  tls.rejectUnknown();
  return read;
}

/** The same with nothing secret in it, to be shown. */
export function redactTls(tls: ResolvedTls): object {
  return {
    ...tls,
    key: tls.key && '[redacted]',
    passphrase: tls.passphrase && '[redacted]',
  };
}

function readPem(fields: FieldReader, name: string, rule: { readonly several?: boolean } = {}): unknown {
  const value = fields.raw(name);
  const values = rule.several && Array.isArray(value) ? value : [value];
  if (value === undefined || values.every(isPem)) return value;
  fields.addIssue(name, `must be PEM text or bytes${rule.several ? ', or a list of such' : ''}`);
  return undefined;
}

function isPem(value: unknown): value is Pem {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0;
}
