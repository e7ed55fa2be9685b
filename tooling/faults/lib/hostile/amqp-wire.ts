import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { connect } from 'amqplib';
import { tableOf, type Wire } from './wire.js';

const EXCHANGE = 'intersect-messages';

/** RabbitMQ over AMQP 0-9-1, with bare amqplib. */
export async function amqpWire({ amqpUrl, username, password }: RabbitmqEndpoints): Promise<Wire> {
  const { hostname, port } = new URL(amqpUrl);
  const connection = await connect(
    { protocol: 'amqp', hostname, port: Number(port), username, password },
    { noDelay: true },
  );
  const channel = await connection.createConfirmChannel();
  await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
  return {
    abilities: {
      nonStrings: true,
      doubles: false,
      controls: true,
      longestText: 40_000,
      headerRoom: 60_000,
      longestContentType: 255,
      largestPayload: 16 * 1024 * 1024,
    },
    transport: () => amqpTransport({ url: amqpUrl, username, password }),
    send: (message) =>
      new Promise((resolve, reject) => {
        const { payload, contentType, headers } = message;
        const properties = {
          headers: tableOf(headers),
          ...(contentType !== undefined && { contentType }),
          deliveryMode: 2,
        };
        channel.publish(EXCHANGE, keyOf(message.channel), Buffer.from(payload), properties, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    listen: async (name, handler) => {
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, EXCHANGE, keyOf(name));
      await channel.consume(
        queue,
        (message) => {
          if (message) handler({ payload: message.content, headers: message.properties.headers ?? {} });
        },
        { noAck: true },
      );
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

function keyOf(channel: string): string {
  return channel.replaceAll('/', '.');
}
