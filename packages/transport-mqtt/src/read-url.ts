import type { FieldReader } from '@intersect-sdk/core/internal';
import type { MqttProtocol } from './options/options.js';

/** What a broker URL says. */
export interface BrokerUrl {
  readonly protocol: MqttProtocol;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

// What a URL without a port means, as everywhere else for ws and wss.
const URL_PORTS: Partial<Record<MqttProtocol, number>> = { ws: 80, wss: 443 };

/** Reads the field `url`, undefined when absent or unusable. No issue repeats any of it: it may hold a password. */
export function readUrl(read: FieldReader): BrokerUrl | undefined {
  const text = read.text('url', undefined);
  if (text === undefined) return undefined;
  const match = /^(mqtts?|wss?):\/\//i.exec(text);
  const url = match && URL.canParse(text) ? new URL(text) : undefined;
  if (!match?.[1] || !url || url.hostname === '') {
    read.addIssue(
      'url',
      'must look like mqtt://host:1883 or ws://host:15675/ws; with TLS mqtts:// or wss://',
    );
    return undefined;
  }
  const protocol = match[1].toLowerCase() as MqttProtocol;
  const overWebSocket = protocol === 'ws' || protocol === 'wss';
  if (!overWebSocket && url.pathname !== '' && url.pathname !== '/') {
    read.addIssue('url', 'must not have a path: MQTT has no virtual hosts');
  }
  if (url.hash !== '' || (!overWebSocket && url.search !== '')) {
    read.addIssue('url', "must not have a '?' or '#' part; give such settings as fields of their own");
  }
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? URL_PORTS[protocol] : Number(url.port),
    path: overWebSocket ? url.pathname + url.search : undefined,
    username: decoded(read, url.username),
    password: decoded(read, url.password),
  };
}

function decoded(read: FieldReader, part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch {
    read.addIssue('url', "has a '%' that is not followed by two hexadecimal digits; write it as %25");
    return undefined;
  }
}
