import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import type { Transport } from '@intersect-sdk/transport';
import { type MqttTransportOptions, mqttDriver, mqttTransport } from '@intersect-sdk/transport-mqtt';
import mqtt from 'mqtt';

export interface BrokerAccess {
  /** `mqtt://host:port` or `ws://host:port/path`, without credentials. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Where a plain MQTT client connects; default `url`. */
  readonly plainUrl?: string;
  readonly maxPayloadBytes?: number;
  /** Whether the broker has shared subscriptions. */
  readonly shares?: boolean;
  /** For every transport. */
  readonly options?: MqttTransportOptions;
  /** What the broker holds, as the kit asks for it. */
  readonly inventory?: () => readonly string[] | Promise<readonly string[]>;
}

/** MQTT knows no time after which a broker wants an acknowledgement. */
export const NO_ACK_DEADLINE = ['durable/long-handler'];

/** The conformance harness of one MQTT broker, behind a proxy that can cut its connections. */
export function mqttHarness(
  access: () => BrokerAccess,
  start?: () => Promise<AsyncDisposable>,
): ConformanceHarness {
  const tags = new WeakMap<Transport, number>();
  // Also keep-alive times, so none of them may be short.
  let lastTag = 1000;
  let proxy: FaultProxy | undefined;
  let resource: AsyncDisposable | undefined;

  const make = (options: MqttTransportOptions): Transport => {
    const { url, username, password, options: forAll } = access();
    const tag = ++lastTag;
    const through = new URL(url);
    through.port = String(proxy?.port);
    // The proxy knows a transport's connections by what each says first.
    if (through.protocol === 'ws:') through.search = String(tag);
    const transport = mqttTransport({
      url: through.href,
      username,
      password,
      keepAliveS: tag,
      ...forAll,
      ...options,
    });
    tags.set(transport, tag);
    return transport;
  };

  return {
    capabilities: { ...mqttDriver().capabilities, sharing: access().shares ? 'sessions' : 'none' },
    deadlineMs: 120_000,
    create: make,
    createRejected: () => make({ password: 'not the password' }),
    sever: (transport) => proxy?.cut((head) => tagOf(head) === tags.get(transport)),
    refuse: (on) => proxy?.refuse(on),
    stall: (on) => (on ? proxy?.stall() : proxy?.resume()),
    ...(access().inventory && { inventory: () => access().inventory?.() ?? [] }),
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
      proxy = await FaultProxy.to(access().url);
    },
    async stop() {
      await proxy?.[Symbol.asyncDispose]();
      await resource?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * Which transport a connection belongs to, by what it says first: the query of a WebSocket's URL, or the
 * keep-alive time of a CONNECT packet. Client ids won't do: two transports share one when the second takes
 * over a session. Undefined before it said anything.
 */
function tagOf(head: Buffer): number | undefined {
  const query = /^GET \S*\?(\d+)/.exec(head.toString('latin1'))?.[1];
  if (query !== undefined) return Number(query);
  let at = 1;
  while ((head[at] ?? 0) >= 0x80) at++;
  const [length, name, version, flags] = [1, 6, 1, 1];
  const keepAliveAt = at + length + name + version + flags;
  return head.length < keepAliveAt + 2 ? undefined : head.readUInt16BE(keepAliveAt);
}
