// What a client leaves at a real broker, what a broker keeps for a client, and how a broker that can't be used is told.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { IntersectClient, type IntersectClientConfig } from '@intersect-sdk/client';
import {
  encodeEventHeaders,
  encodeUserspaceHeaders,
  eventChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  parseUserspaceHeaders,
  requestChannel,
  responseChannel,
  SubscribeError,
  TransportError,
} from '@intersect-sdk/core';
import { listQueues, type RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';

const SECRET = 'a-very-secret-word';

interface Protocol {
  readonly name: 'AMQP' | 'MQTT';
  readonly protocol: 'amqp0.9.1' | 'mqtt5.0';
  readonly url: string;
  /** How many queues a client has that listens for answers and to one event. */
  readonly queues: number;
  readonly make: (options: Endpoint) => Transport;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly connectTimeoutMs?: number;
}

const protocolsOf = ({ amqpUrl, mqttUrl }: RabbitmqEndpoints): readonly Protocol[] => [
  { name: 'AMQP', protocol: 'amqp0.9.1', url: amqpUrl, queues: 2, make: amqpTransport },
  // All subscriptions of an MQTT session share one queue.
  { name: 'MQTT', protocol: 'mqtt5.0', url: mqttUrl, queues: 1, make: mqttTransport },
];

function endpointOf(url: string, { username, password }: RabbitmqEndpoints): Endpoint {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), username, password };
}

/** A client, and which queues at the broker are its own: other tests use the broker as well. */
class Watched implements AsyncDisposable {
  readonly client: IntersectClient;
  readonly #rabbitmq: RabbitmqEndpoints;
  #session = 'not started';

  constructor(
    rabbitmq: RabbitmqEndpoints,
    transport: Transport,
    config: Partial<IntersectClientConfig> = {},
  ) {
    this.#rabbitmq = rabbitmq;
    const connect = transport.connect.bind(transport);
    transport.connect = (options) => {
      this.#session = options?.session?.id ?? this.#session;
      return connect(options);
    };
    this.client = new IntersectClient({ brokers: [transport], ...config });
  }

  async queues(): Promise<string[]> {
    const queues = await listQueues(this.#rabbitmq);
    return queues.map(({ name }) => name).filter((name) => name.includes(this.#session));
  }

  /** Resolves when the broker has removed the queues, with how long that took in ms. */
  async queuesGone(): Promise<number> {
    const started = performance.now();
    await expect.poll(() => this.queues()).toEqual([]);
    return Math.round(performance.now() - started);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client[Symbol.asyncDispose]();
  }
}

/** A service whose answers go out when the test says so; `true` means that the broker has the message in a queue. */
async function startService(transport: Transport) {
  const address = `e2e-org.e2e-fac.e2e-sys.-.slow-${randomUUID()}`;
  let received!: (headers: Readonly<Record<string, string>>) => void;
  const asked = new Promise<Readonly<Record<string, string>>>((resolve) => {
    received = resolve;
  });
  await transport.connect();
  await transport.subscribe(requestChannel(address), ({ headers }) => received(headers));
  const payload = Buffer.from('"kept"');
  const contentType = 'application/json';
  const common = { createdAt: nowIso(), sdkVersion: PROTOCOL_VERSION, dataHandler: 'MESSAGE' } as const;
  return {
    address,
    asked,
    async answer(): Promise<void> {
      const headers = parseUserspaceHeaders(await asked);
      const swapped = { ...headers, ...common, source: address, destination: headers.source };
      const channel = responseChannel(headers.source);
      const answer = encodeUserspaceHeaders({ ...swapped, messageId: newId() });
      await transport.publish({ channel, payload, contentType, headers: answer }, { mustRoute: true });
    },
    async emit(): Promise<void> {
      const event = { messageId: newId(), source: address, capabilityName: 'Slow', eventName: 'done' };
      const channel = eventChannel(address, 'Slow', 'done');
      const headers = encodeEventHeaders({ ...event, ...common });
      await transport.publish({ channel, payload, contentType, headers }, { mustRoute: true });
    },
    [Symbol.asyncDispose]: () => transport.drain(),
  };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  describe.each(protocolsOf(rabbitmq))('$name', ({ name, protocol, url, queues, make }) => {
    const endpoint = endpointOf(url, rabbitmq);

    test('after shutdown nothing of a client is left at the broker', async () => {
      const watched = new Watched(rabbitmq, make(endpoint));
      await watched.client.startup();
      const selector = { hierarchy: 'e2e-org.e2e-fac.e2e-sys.-.nobody', capabilityName: 'Slow' };
      const streams = ['done', '*'].map((eventName) => watched.client.events({ ...selector, eventName }));
      await Promise.all(streams.map(({ ready }) => ready));
      await streams[1]?.stop();
      expect(await watched.queues()).toHaveLength(queues);
      await watched.client.shutdown();
      process.stderr.write(`${name}: nothing left ${await watched.queuesGone()} ms after shutdown\n`);
    });

    test('after a startup that failed nothing is left either', async () => {
      const selector = {
        hierarchy: 'e2e-org.e2e-fac.e2e-sys.-.nobody',
        capabilityName: 'Slow',
        eventName: 'done',
      };
      const initialMessageEventConfig = { servicesToStartListeningForEvents: [selector] };
      const transport = make(endpoint);
      let session = '';
      const connect = transport.connect.bind(transport);
      transport.connect = (options) => {
        session = options?.session?.id ?? '';
        return connect(options);
      };
      // The broker has the subscription, and the client is told that it has not.
      const refused = new SubscribeError('SUBSCRIBE_REFUSED', 'Refused for the test.');
      const subscribe = transport.subscribe.bind(transport);
      transport.subscribe = async (channel, ...others) => {
        const subscription = await subscribe(channel, ...others);
        if (channel.includes('/events/')) throw refused;
        return subscription;
      };
      const config = { brokers: [transport], initialMessageEventConfig };
      const client = new IntersectClient(config, undefined, () => {});
      await expect(client.startup()).rejects.toBe(refused);
      expect(session).not.toBe('');
      const left = async () => (await listQueues(rabbitmq)).filter(({ name }) => name.includes(session));
      await expect.poll(left).toEqual([]);
    });

    test('answers and events that come while the connection is cut are kept and delivered', async () => {
      await using proxy = await FaultProxy.to(url);
      await using service = await startService(make(endpoint));
      const transport = make({ ...endpoint, port: proxy.port });
      await using watched = new Watched(rabbitmq, transport);
      const { client } = watched;
      await client.startup();
      await using stream = client.events({
        hierarchy: service.address,
        capabilityName: 'Slow',
        eventName: 'done',
      });
      await stream.ready;
      const request = client.request({ destination: service.address, operation: 'Slow.work' });
      await service.asked;

      const lost = new Promise<void>((resolve) => {
        transport.onEvent((event) => {
          if (event.kind === 'state' && event.state.kind === 'reconnecting') resolve();
        });
      });
      proxy.refuse(true);
      proxy.cut();
      await lost;
      expect(client.isConnected()).toBe(false);
      // Rejects with UNROUTABLE if the broker had forgotten the client.
      await Promise.all([service.answer(), service.emit()]);
      proxy.refuse(false);

      expect(await request).toBe('kept');
      expect((await stream.next()).value?.payload).toBe('kept');
      expect(await watched.queues()).toHaveLength(queues);
    });

    test('a client that never comes back is forgotten after keepSessionMs', async () => {
      await using proxy = await FaultProxy.to(url);
      const transport = make({ ...endpoint, port: proxy.port });
      await using watched = new Watched(rabbitmq, transport, { keepSessionMs: 1000 });
      await watched.client.startup();
      expect(await watched.queues()).toHaveLength(1);
      proxy.refuse(true);
      proxy.cut();
      const tookMs = await watched.queuesGone();
      process.stderr.write(`${name}: forgotten ${tookMs} ms after the cut, to be kept 1000 ms\n`);
      expect(tookMs).toBeGreaterThan(500);
    });

    describe.each([
      // What waits for the end of its time instead of the broker's word would wait an hour.
      ['a transport', (broker: Endpoint) => make({ ...broker, connectTimeoutMs: 3_600_000 })],
      ['plain configuration', (broker: Endpoint) => ({ ...broker, protocol })],
    ])('a broker that cannot be used, given as %s', (_, brokerOf) => {
      /** What startup says, which must be typed, and silent about the password. */
      async function refusalOf(broker: Endpoint): Promise<TransportError> {
        const client = new IntersectClient({ brokers: [brokerOf(broker)] });
        const error = await client.startup().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(TransportError);
        expect(inspect([error, client], { depth: null, showHidden: true })).not.toContain(broker.password);
        expect(JSON.stringify([error, client])).not.toContain(broker.password);
        expect(client.isConnected()).toBe(false);
        return error as TransportError;
      }

      test('refused credentials: AUTH_REFUSED, not to be tried again', async () => {
        const error = await refusalOf({ ...endpoint, password: SECRET });
        expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
        expect(error.message).toMatch(/user name|password/);
      });

      test('a closed port: CONNECT_REFUSED with the address', async () => {
        const port = await closedPort();
        const error = await refusalOf({ ...endpoint, port, password: SECRET });
        expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
        expect(error.message).toContain(`127.0.0.1:${port}`);
      });

      test('an unknown host: HOST_UNKNOWN with its name', async () => {
        const error = await refusalOf({ ...endpoint, host: 'nowhere.invalid', password: SECRET });
        expect(error).toMatchObject({ code: 'HOST_UNKNOWN' });
        expect(error.message).toContain('nowhere.invalid');
      });
    });
  });
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
