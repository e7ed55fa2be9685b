import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { queueNameOf } from '@intersect-sdk/core';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { conformanceInventory } from '@intersect-sdk/test-brokers/inventory';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { shareTransport, type Transport } from '@intersect-sdk/transport';
import { type AmqpTransportOptions, amqpDriver, amqpTransport } from '../../src/index.js';
import { rawConnection } from '../support/links.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  function amqpHarness(around: (transport: Transport) => Transport = (alone) => alone): ConformanceHarness {
    // The proxy tells transports apart by the name that each gives its connections.
    const names = new WeakMap<Transport, string>();
    // Durable queues stay at the broker by design, so somebody has to tidy up.
    const durableQueues = new Set<string>();
    let last = 0;
    let proxy: FaultProxy | undefined;

    const make = (options: Partial<AmqpTransportOptions> = {}): Transport => {
      const connectionName = `conformance <${++last}>`;
      const transport = around(
        amqpTransport({
          host: '127.0.0.1',
          port: proxy?.port,
          username,
          password,
          connectionName,
          ...options,
        }),
      );
      names.set(transport, connectionName);
      const subscribe = transport.subscribe.bind(transport);
      transport.subscribe = (channel, handler, options) => {
        if (options?.retention === 'durable') durableQueues.add(queueNameOf(channel));
        return subscribe(channel, handler, options);
      };
      return transport;
    };

    return {
      capabilities: amqpDriver({ username, password }).capabilities,
      deadlineMs: 120_000,
      maxPayloadBytes: 16 * 1024 * 1024,
      create: make,
      createRejected: () => make({ password: 'not the password' }),
      sever: (transport) => proxy?.cut((head) => head.includes(names.get(transport) ?? '')),
      refuse: (on) => proxy?.refuse(on),
      stall: (on) => (on ? proxy?.stall() : proxy?.resume()),
      inventory: () => conformanceInventory(rabbitmq),
      async publishForeign({ channel, payload, contentType, headers }) {
        await using connection = await rawConnection(rabbitmq);
        const raw = await connection.createConfirmChannel();
        raw.publish('intersect-messages', channel.replaceAll('/', '.'), Buffer.from(payload), {
          headers,
          ...(contentType !== '' && { contentType }),
        });
        await raw.waitForConfirms();
      },
      async start() {
        proxy = await FaultProxy.to(rabbitmq.amqpUrl);
      },
      async stop() {
        await proxy?.[Symbol.asyncDispose]();
        await using connection = await rawConnection(rabbitmq);
        const raw = await connection.createChannel();
        for (const name of durableQueues) await raw.deleteQueue(name);
      },
    };
  }

  // RabbitMQ looks for late acknowledgements once a minute at most.
  const notPromised = ['durable/long-handler'];
  describeConformance('AMQP on RabbitMQ', () => amqpHarness(), { notPromised });
  // Each alone on a connection that others could use: the cases cut one and not the other. `shared.test.ts` has several on one.
  describeConformance(
    'AMQP on RabbitMQ, a connection that can be shared',
    () => ({ ...amqpHarness((transport) => shareTransport(transport).fresh()), effort: 0.25 }),
    { notPromised },
  );
});
