import type { ConformanceHarness } from '@intersect-sdk/conformance';
import type { Transport } from '@intersect-sdk/transport';
import { type MqttTransportOptions, mqttDriver, mqttTransport } from '@intersect-sdk/transport-mqtt';
import mqtt from 'mqtt';
import { Relay } from './relay.js';

export interface BrokerAccess {
  /** `mqtt://host:port` or `ws://host:port/path`, without credentials. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Where a plain MQTT client connects; default `url`. */
  readonly plainUrl?: string;
  readonly maxPayloadBytes?: number;
}

/** The conformance harness of one MQTT broker, behind a relay that can cut its connections. */
export function mqttHarness(
  access: () => BrokerAccess,
  start?: () => Promise<AsyncDisposable>,
): ConformanceHarness {
  const tags = new WeakMap<Transport, number>();
  // Also keep-alive times, so none of them may be short.
  let lastTag = 1000;
  let relay: Relay | undefined;
  let resource: AsyncDisposable | undefined;

  const make = (options: MqttTransportOptions): Transport => {
    const { url, username, password } = access();
    const tag = ++lastTag;
    const through = new URL(url);
    through.port = String(relay?.port);
    // The relay knows a transport's connections by what each says first.
    if (through.protocol === 'ws:') through.search = String(tag);
    const transport = mqttTransport({
      url: through.href,
      username,
      password,
      keepAliveS: tag,
      ...options,
    });
    tags.set(transport, tag);
    return transport;
  };

  return {
    capabilities: mqttDriver().capabilities,
    create: make,
    createRejected: () => make({ password: 'not the password' }),
    sever: (transport) => relay?.cut(tags.get(transport)),
    refuse: (on) => relay?.refuse(on),
    async publishForeign({ channel, payload, contentType, headers }) {
      const { url, plainUrl = url, username, password } = access();
      const client = await mqtt.connectAsync(plainUrl, { protocolVersion: 5, username, password });
      await client.publishAsync(channel, Buffer.from(payload), {
        qos: 1,
        properties: {
          ...(contentType !== '' && { contentType }),
          ...(Object.keys(headers).length > 0 && { userProperties: { ...headers } }),
        },
      });
      await client.endAsync();
    },
    get maxPayloadBytes() {
      return access().maxPayloadBytes;
    },
    async start() {
      resource = await start?.();
      relay = await Relay.to(access().url);
    },
    async stop() {
      await relay?.[Symbol.asyncDispose]();
      await resource?.[Symbol.asyncDispose]();
    },
  };
}
