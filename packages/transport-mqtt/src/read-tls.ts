import { FieldReader } from '@intersect-sdk/core';
import type { MqttProtocol, Pem, ResolvedMqttTls } from './options.js';

/** Reads the field `tls`; undefined means no TLS. `asked`: the protocol, where one was given. */
export function readTls(read: FieldReader, asked: MqttProtocol | undefined): ResolvedMqttTls | undefined {
  const value = read.any('tls');
  const fromProtocol = asked === 'mqtts' || asked === 'wss';
  if (value === false && fromProtocol) read.refuse('tls', `must not be false with ${asked}`);
  if (value !== undefined && value !== false && asked && !fromProtocol) {
    read.refuse('tls', `needs protocol ${asked === 'ws' ? 'wss' : 'mqtts'}, not ${asked}`);
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
  if (fields.any('cert') !== undefined && fields.any('key') === undefined) {
    fields.refuse('key', 'is required with cert');
  }
  if (fields.any('key') !== undefined && fields.any('cert') === undefined) {
    fields.refuse('cert', 'is required with key');
  }
  fields.end();
  return tls;
}

function readAuthorities(fields: FieldReader): ResolvedMqttTls['ca'] {
  const value = fields.any('ca');
  if (!Array.isArray(value)) return readPem(fields, 'ca');
  if (value.length > 0 && value.every(isPem)) return [...value];
  fields.refuse('ca', 'must be PEM text or bytes, or a list of such');
  return undefined;
}

function readPem(fields: FieldReader, name: string): Pem | undefined {
  const value = fields.any(name);
  if (value === undefined || isPem(value)) return value;
  fields.refuse(name, 'must be PEM text or bytes');
  return undefined;
}

function isPem(value: unknown): value is Pem {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0;
}
