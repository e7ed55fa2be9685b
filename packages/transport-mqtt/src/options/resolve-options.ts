import type { Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';
import { readTls } from '../read-tls.js';
import { type BrokerUrl, readUrl } from '../read-url.js';
import {
  MQTT_DEFAULTS,
  type MqttOptions,
  type MqttProtocol,
  type ResolvedMqttHost,
  type ResolvedMqttOptions,
} from './options.js';

const PROTOCOLS = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
const PORT = { min: 1, max: 65_535, integer: true } as const;
const COUNT_16_BIT = { min: 1, max: 65_535, integer: true } as const;
/** The longest time a timer can be set to. */
const TIME_MS = { max: 2_147_483_647 } as const;
const HOST = {
  minLength: 1,
  // A lone colon is a port that was put into the host; two or more make an IPv6 address.
  pattern: /^(?:[^\s/:@]+|(?=(?:.*:){2})[0-9a-fA-F:.]+)$/,
  hint: 'must be a host name or address alone, without protocol and port',
} as const;

/** Fills in the defaults. Throws one ConfigError (CONFIG_INVALID) that lists every problem; changes nothing in its input. */
export function resolveMqttOptions(input: MqttOptions): ResolvedMqttOptions {
  const issues: Issue[] = [];
  const read = new FieldReader(input, issues);
  const resolved = readMqttOptions(read);
  read.rejectUnknown();
  throwConfigError('MQTT options', issues);
  return resolved;
}

/** Reads the driver's fields; what it returns can be used only if no issue was added. */
export function readMqttOptions(read: FieldReader): ResolvedMqttOptions {
  const d = MQTT_DEFAULTS;
  const url = readUrl(read);
  refuseBeside(read, 'url', ['protocol', 'host', 'port', 'hosts', 'webSocketPath']);
  refuseBeside(read, 'hosts', ['host']);
  const asked = url?.protocol ?? (read.text('protocol', undefined, { oneOf: PROTOCOLS }) as MqttProtocol);
  const tls = readTls(read, asked);
  const path = read.text('webSocketPath', url?.path, { pattern: /^\//, hint: "must start with '/'" });
  if (path !== undefined && (asked === 'mqtt' || asked === 'mqtts')) {
    read.addIssue('webSocketPath', `is for protocol ws and wss, not ${asked}`);
  }
  const protocol = asked ?? `${path === undefined ? 'mqtt' : 'ws'}${tls ? 's' : ''}`;
  const overWebSocket = protocol === 'ws' || protocol === 'wss';
  return withoutSecrets({
    protocol,
    hosts: readHosts(read, url, d.ports[protocol]),
    webSocketPath: overWebSocket ? (path ?? d.webSocketPath) : undefined,
    credentials: readCredentials(read, url),
    tls,
    connectTimeoutMs: read.number('connectTimeoutMs', d.connectTimeoutMs, { min: 1, ...TIME_MS }),
    keepAliveS: read.number('keepAliveS', d.keepAliveS, COUNT_16_BIT),
    maxInFlight: read.number('maxInFlight', d.maxInFlight, COUNT_16_BIT),
    receiveMaximum: read.number('receiveMaximum', d.receiveMaximum, COUNT_16_BIT),
    maxQueuedMessages: read.number('maxQueuedMessages', d.maxQueuedMessages, { min: 1, integer: true }),
    maxPacketSizeBytes: read.number('maxPacketSizeBytes', undefined, {
      min: 1024,
      max: 268_435_460,
      integer: true,
    }),
    clientIdPrefix: read.text('clientIdPrefix', d.clientIdPrefix, {
      pattern: /^[\w.:-]*$/,
      hint: "may have only letters, digits, '_', '.', ':' and '-'",
    }),
    unclaimedGraceMs: read.number('unclaimedGraceMs', d.unclaimedGraceMs, { min: 0, ...TIME_MS }),
    timerVariant: read.text('timerVariant', d.timerVariant, {
      oneOf: ['auto', 'worker', 'native'],
    }) as ResolvedMqttOptions['timerVariant'],
  });
}

function readHosts(read: FieldReader, url: BrokerUrl | undefined, usual: number): ResolvedMqttHost[] {
  const host = read.text('host', url?.host ?? MQTT_DEFAULTS.host, HOST);
  const port = read.number('port', url?.port ?? usual, PORT);
  const hosts = read.list('hosts', (value, path) => {
    const entry = new FieldReader(typeof value === 'string' ? { host: value } : value, read.issues, path);
    const one = { host: entry.requiredText('host', HOST), port: entry.number('port', port, PORT) };
    entry.rejectUnknown();
    return one;
  });
  if (Array.isArray(read.raw('hosts')) && hosts.length === 0) {
    read.addIssue('hosts', 'must name at least one host');
  }
  return hosts.length > 0 ? hosts : [{ host, port }];
}

function readCredentials(read: FieldReader, url: BrokerUrl | undefined): ResolvedMqttOptions['credentials'] {
  refuseBeside(read, 'credentials', ['username', 'password']);
  const ask = read.callback<ResolvedMqttOptions['credentials']>('credentials');
  if (url?.username !== undefined || url?.password !== undefined) {
    for (const name of ['username', 'password', 'credentials']) {
      if (read.raw(name) !== undefined)
        read.addIssue(name, 'must not be given together with a URL that has it');
    }
  }
  const username = read.text('username', url?.username, { minLength: 1 });
  const password = read.text('password', url?.password);
  return ask ?? (() => ({ username, password }));
}

function refuseBeside(read: FieldReader, first: string, others: readonly string[]): void {
  if (read.raw(first) === undefined) return;
  for (const name of others) {
    if (read.raw(name) !== undefined) read.addIssue(name, `must not be given together with ${first}`);
  }
}

function withoutSecrets(options: Omit<ResolvedMqttOptions, 'toJSON'>): ResolvedMqttOptions {
  const { tls } = options;
  const shown = (): object => ({
    ...options,
    credentials: '[redacted]',
    tls: tls && {
      ...tls,
      key: tls.key && '[redacted]',
      passphrase: tls.passphrase && '[redacted]',
    },
  });
  return Object.defineProperties({ ...options } as ResolvedMqttOptions, {
    toJSON: { value: shown },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: shown },
  });
}
