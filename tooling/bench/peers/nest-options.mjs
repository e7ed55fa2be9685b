import { Transport } from '@nestjs/microservices';

/**
 * The options of the RabbitMQ transporter as its documentation writes them; only `noDelay` is added.
 *
 * @param {{ host: string, port: number, username: string, password: string, queue: string }} settings
 * @returns {import('@nestjs/microservices').RmqOptions}
 */
export function rmqOptions({ host, port, username, password, queue }) {
  return {
    transport: Transport.RMQ,
    options: {
      urls: [`amqp://${username}:${password}@${host}:${port}`],
      queue,
      queueOptions: { durable: false },
      socketOptions: { connectionOptions: { noDelay: true } },
    },
  };
}
