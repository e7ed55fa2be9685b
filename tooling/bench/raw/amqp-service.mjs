// A service on bare amqplib that promises what the SDK promises: nothing is left out, nothing added.
import { createHash } from 'node:crypto';
import { connect } from 'amqplib';
import { settings, takeCommands } from '../lib/commands.mjs';
import { eachAtOnce } from '../lib/each-at-once.mjs';
import { channelOf } from '../lib/names.mjs';
import { answerHeadersOf } from './headers.mjs';

const { host, port, username, password, services } = settings();
const exchange = 'intersect-messages';

/**
 * One service, on a connection of its own.
 *
 * @param {string} service Its address.
 */
async function serve(service) {
  const connection = await connect(
    { protocol: 'amqp', hostname: host, port, username, password },
    // A lone message goes out at once.
    { noDelay: true },
  );
  // The broker says of every answer that it has it.
  const channel = await connection.createConfirmChannel();
  await channel.assertExchange(exchange, 'topic', { durable: true });

  const requests = await connection.createChannel();
  // Requests wait in it while the service is away.
  const queue = createHash('sha384')
    .update(`${channelOf(service)}/request`)
    .digest('hex');
  await requests.assertQueue(queue, { durable: true });
  await requests.bindQueue(queue, exchange, `${service}.request`);
  await requests.prefetch(256);
  await requests.consume(queue, (message) => {
    if (message !== null) void answer(message);
  });

  /** @param {import('amqplib').ConsumeMessage} message */
  async function answer(message) {
    const { headers = {} } = message.properties;
    if (headers.destination !== service || headers.operation_id !== 'Bench.echo') {
      requests.ack(message);
      return;
    }
    const value = await echo(JSON.parse(message.content.toString()));
    channel.publish(
      exchange,
      `${headers.source}.response`,
      Buffer.from(JSON.stringify(value)),
      {
        headers: answerHeadersOf(headers),
        contentType: 'application/json',
        // It outlives a restart of the broker.
        persistent: true,
        mandatory: true,
      },
      (error) => {
        // Only when the broker has the answer; otherwise the request comes back.
        if (!error) requests.ack(message);
      },
    );
  }

  return connection;
}

/** @param {unknown} text */
async function echo(text) {
  return text;
}

const connections = await eachAtOnce(services, serve);
await takeCommands({}, { end: () => eachAtOnce(connections, (connection) => connection.close()) });
