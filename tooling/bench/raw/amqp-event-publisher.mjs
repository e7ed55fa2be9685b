// Publishes events on bare amqplib with what the SDK promises: durable, and confirmed by the broker.
import { connect } from 'amqplib';
import { settings, takeCommands } from '../lib/commands.mjs';
import { publishFor } from '../lib/publish-for.mjs';
import { eventHeadersOf } from './headers.mjs';

const { host, port, username, password, service } = settings();
const exchange = 'intersect-messages';

const connection = await connect(
  { protocol: 'amqp', hostname: host, port, username, password },
  // A lone message goes out at once.
  { noDelay: true },
);
// The broker says of every message that it has it.
const channel = await connection.createConfirmChannel();
await channel.assertExchange(exchange, 'topic', { durable: true });

/** @returns {Promise<void>} */
function publish() {
  return new Promise((resolve, reject) => {
    channel.publish(
      exchange,
      `${service}.events.Bench.tick`,
      Buffer.from(JSON.stringify('hello')),
      {
        headers: eventHeadersOf({ source: service, capability: 'Bench', event: 'tick' }),
        contentType: 'application/json',
        // It outlives a restart of the broker.
        persistent: true,
      },
      (error) => (error ? reject(error) : resolve()),
    );
  });
}

await takeCommands({ publish: (load) => publishFor(publish, load) }, { end: () => connection.close() });
