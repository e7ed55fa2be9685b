import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { queueNameOf } from '@intersect-sdk/core';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { conformanceInventory } from '@intersect-sdk/test-brokers/inventory';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { type AmqpTransportOptions, amqpDriver, amqpTransport } from '../../src/index.js';
import { rawConnection } from '../support/links.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  function amqpHarness(): ConformanceHarness {
    // The proxy tells transports apart by the name that each gives its connections.
    const names = new WeakMap<Transport, string>();
    // Durable queues stay at the broker by design, so somebody has to tidy up.
    const durableQueues = new Set<string>();
    let last = 0;
    let proxy: FaultProxy | undefined;

    const make = (options: Partial<AmqpTransportOptions> = {}): Transport => {
      const connectionName = `conformance <${++last}>`;
      const transport = amqpTransport({
        host: '127.0.0.1',
        port: proxy?.port,
        username,
        password,
        connectionName,
        ...options,
      });
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
  describeConformance('AMQP on RabbitMQ', amqpHarness, { notPromised: ['durable/long-handler'] });
});
