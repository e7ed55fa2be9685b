import { FieldReader } from '@intersect-sdk/core/internal';
import type { MqttProtocol, Pem, ResolvedMqttTls } from './options/options.js';

/** Reads the field `tls`; undefined means no TLS. `asked`: the protocol, where one was given. */
export function readTls(read: FieldReader, asked: MqttProtocol | undefined): ResolvedMqttTls | undefined {
  const value = read.raw('tls');
  const fromProtocol = asked === 'mqtts' || asked === 'wss';
  if (value === false && fromProtocol) read.addIssue('tls', `must not be false with ${asked}`);
  if (value !== undefined && value !== false && asked && !fromProtocol) {
    read.addIssue('tls', `needs protocol ${asked === 'ws' ? 'wss' : 'mqtts'}, not ${asked}`);
  }
  if (value === false || (value === undefined && !fromProtocol)) return undefined;
  const given = value === true || value === undefined ? {} : value;
  const fields = new FieldReader(given, read.issues, read.pathOf('tls'));
  const tls: ResolvedMqttTls = {
    ca: readAuthorities(fields),
    cert: readPem(fields, 'cert'),
    key: readPem(fields, 'key'),
    passphrase: fields.text('passphrase', undefined),
    serverName: fields.text('serverName', undefined, { minLength: 1 }),
  };
  if (fields.raw('cert') !== undefined && fields.raw('key') === undefined) {
    fields.addIssue('key', 'is required with cert');
  }
  if (fields.raw('key') !== undefined && fields.raw('cert') === undefined) {
    fields.addIssue('cert', 'is required with key');
  }
  fields.rejectUnknown();
  return tls;
}

function readAuthorities(fields: FieldReader): ResolvedMqttTls['ca'] {
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
