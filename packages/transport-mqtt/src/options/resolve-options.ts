import type { FieldReader } from '@intersect-sdk/core/internal';
import {
  MQTT_SCHEMES,
  readHosts,
  readOptionalCredentials,
  readOptions,
  readTls,
  readUrl,
  readWebSocketPath,
  redactPath,
  redactWhenPrinted,
  refuseBeside,
} from '@intersect-sdk/transport/endpoint';
import { MQTT_DEFAULTS, type MqttOptions, type MqttProtocol, type ResolvedMqttOptions } from './options.js';

/** Begins the sentence about options that can't be used. */
export const OPTIONS_INVALID = 'The MQTT options cannot be used';

const PROTOCOLS = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
const URL_RULE = {
  schemes: MQTT_SCHEMES,
  example: 'mqtt://host:1883 or ws://host:15675/ws; with TLS mqtts:// or wss://',
} as const;
const COUNT_16_BIT = { min: 1, max: 65_535, integer: true } as const;
/** The longest time a timer can be set to. */
const TIME_MS = { max: 2_147_483_647 } as const;

/** Fills in the defaults. Throws one ConfigError (CONFIG_INVALID) that lists every problem; changes nothing in its input. */
export function resolveMqttOptions(input: MqttOptions): ResolvedMqttOptions {
  return readOptions(OPTIONS_INVALID, input, readMqttOptions);
}

/** Reads the driver's fields; what it returns can be used only if no issue was added. */
export function readMqttOptions(read: FieldReader): ResolvedMqttOptions {
  const d = MQTT_DEFAULTS;
  const url = readUrl(read, URL_RULE);
  refuseBeside(read, 'url', ['protocol', 'webSocketPath']);
  const asked = (url?.scheme ?? read.text('protocol', undefined, { oneOf: PROTOCOLS })) as
    | MqttProtocol
    | undefined;
  const tls = readTls(read, asked && { name: asked, tls: MQTT_SCHEMES[asked].tls });
  const path = readWebSocketPath(read, url?.after);
  if (path !== undefined && (asked === 'mqtt' || asked === 'mqtts')) {
    read.addIssue('webSocketPath', `is for protocol ws and wss, not ${asked}`);
  }
  const protocol = asked ?? `${path === undefined ? 'mqtt' : 'ws'}${tls ? 's' : ''}`;
  const webSocketPath = protocol.startsWith('ws') ? (path ?? d.webSocketPath) : undefined;
  const options = {
    protocol,
    hosts: readHosts(read, { url, port: d.ports[protocol] }),
    webSocketPath,
    credentials: readOptionalCredentials(read, url),
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
  };
  return redactWhenPrinted(options, ['credentials'], { webSocketPath: redactPath(webSocketPath) });
}
