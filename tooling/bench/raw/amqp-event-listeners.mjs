// Listeners on bare amqplib with what the SDK promises: events outlive a lost connection, come in order, and are
// acknowledged when they were handled.
import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { settings, takeCommands } from '../lib/commands.mjs';
import { Tally } from '../lib/tally.mjs';

const { host, port, username, password, service, listeners } = settings();
const exchange = 'intersect-messages';
const tally = new Tally(listeners);
/** @type {import('amqplib').ChannelModel[]} */
const connections = [];
for (let index = 0; index < listeners; index++) {
  const connection = await connect(
    { protocol: 'amqp', hostname: host, port, username, password },
    { noDelay: true },
  );
  connections.push(connection);
  const channel = await connection.createChannel();
  await channel.assertExchange(exchange, 'topic', { durable: true });
  const { queue } = await channel.assertQueue(`bench-raw.${randomUUID()}`, {
    durable: true,
    expires: 300_000,
    arguments: { 'x-single-active-consumer': true },
  });
  await channel.bindQueue(queue, exchange, `${service}.events.Bench.tick`);
  // What is fetched ahead is handled in order, since the handler never waits.
  await channel.prefetch(100);
  await channel.consume(queue, (message) => {
    if (message === null) return;
    const { headers = {} } = message.properties;
    const event = JSON.parse(message.content.toString());
    if (headers.source === service && headers.event_name === 'tick' && event === 'hello') tally.add(index);
    channel.ack(message);
  });
}

await takeCommands(
  { all: ({ count }) => tally.reached(count) },
  { end: () => Promise.all(connections.map((connection) => connection.close())) },
);
