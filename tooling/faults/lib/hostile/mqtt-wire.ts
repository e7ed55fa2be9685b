import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { connectAsync } from 'mqtt';
import type { RawMessage } from './raw-message.js';
import type { Received, Wire } from './wire.js';

interface Endpoint {
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
}

/** A real broker over MQTT 5, with bare mqtt.js. */
export async function mqttWire(
  { mqttUrl, username, password }: Endpoint,
  { largestPayload }: { readonly largestPayload: number },
): Promise<Wire> {
  const raw = await connectAsync(mqttUrl, {
    protocolVersion: 5,
    clientId: `hostile-${randomUUID()}`,
    username,
    password,
    reconnectPeriod: 0,
    properties: { receiveMaximum: 1000 },
  });
  // Otherwise each lone message waits for the acknowledgement of the one before it.
  (raw.stream as Socket).setNoDelay(true);
  const handlers = new Map<string, (message: Received) => void>();
  raw.on('message', (topic, payload, { properties }) => {
    handlers.get(topic)?.({ payload, headers: properties?.userProperties ?? {} });
  });
  return {
    abilities: {
      nonStrings: false,
      doubles: true,
      controls: false,
      longestText: 65_535,
      headerRoom: 1_000_000,
      longestContentType: 60_000,
      largestPayload,
    },
    transport: () => mqttTransport({ url: mqttUrl, username, password }),
    send: async ({ channel, payload, contentType, headers }) => {
      if (!raw.connected) throw new Error('the broker ended the connection of the sender');
      await raw.publishAsync(channel, Buffer.from(payload), {
        qos: 1,
        properties: {
          ...(contentType !== undefined && { contentType }),
          ...(headers.length > 0 && { userProperties: propertiesOf(headers) }),
        },
      });
    },
    listen: async (channel, handler) => {
      handlers.set(channel, handler);
      await raw.subscribeAsync(channel, { qos: 1 });
    },
    [Symbol.asyncDispose]: () => raw.endAsync(true),
  };
}

/** mqtt.js writes a list as the same property several times. */
function propertiesOf(headers: RawMessage['headers']): Record<string, string | string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of headers) all.set(name, [...(all.get(name) ?? []), String(value)]);
  const table: Record<string, string | string[]> = {};
  for (const [name, [first = '', ...more]] of all) {
    const value = more.length > 0 ? [first, ...more] : first;
    Object.defineProperty(table, name, { value, enumerable: true });
  }
  return table;
}
