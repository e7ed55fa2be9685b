// A client on bare amqplib that promises what the SDK promises: nothing is left out, nothing added.
import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { closedLoop, inTurn } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { headersOf } from './headers.mjs';

const { host, port, username, password, services } = settings();
const exchange = 'intersect-messages';
const operation = 'Bench.echo';
const campaignId = randomUUID();
const source = `tmp-.tmp-.tmp-.-.tmp-${randomUUID()}`;

const connection = await connect(
  { protocol: 'amqp', hostname: host, port, username, password },
  // A lone message goes out at once.
  { noDelay: true },
);
// The broker says of every message that it has it.
const channel = await connection.createConfirmChannel();
await channel.assertExchange(exchange, 'topic', { durable: true });

/** @type {Map<string, { service: string, resolve: (answer: unknown) => void, reject: (error: Error) => void }>} */
const waiting = new Map();

// Answers outlive a lost connection: a durable queue that the broker keeps for five minutes without its client.
const answers = await connection.createChannel();
const { queue } = await answers.assertQueue(`bench-raw.${randomUUID()}`, {
  durable: true,
  expires: 300_000,
  arguments: { 'x-single-active-consumer': true },
});
await answers.bindQueue(queue, exchange, `${source}.response`);
await answers.prefetch(100);
await answers.consume(queue, (message) => {
  if (message === null) return;
  const { headers = {} } = message.properties;
  const request = waiting.get(headers.request_id);
  // Late, doubled, or from someone who was not asked.
  if (request && headers.source === request.service && headers.destination === source) {
    if (headers.has_error === 'true') request.reject(new Error(message.content.toString()));
    else request.resolve(JSON.parse(message.content.toString()));
  }
  // Only now, so that an answer is not lost on its way into this program.
  answers.ack(message);
});

// A request that no queue takes fails at once.
channel.on('return', ({ properties }) => {
  waiting.get(properties.headers?.request_id)?.reject(new Error('Nobody receives it.'));
});

/**
 * @param {string} service
 * @param {string} payload
 * @returns {Promise<unknown>}
 */
function ask(service, payload) {
  return new Promise((resolve, reject) => {
    const requestId = randomUUID();
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(timer);
      waiting.delete(requestId);
      settle();
    };
    // No request waits for ever.
    const timer = setTimeout(() => end(() => reject(new Error('Timed out.'))), 300_000);
    // Before it is sent: the answer can be faster than the confirmation.
    waiting.set(requestId, {
      service,
      resolve: (answer) => end(() => resolve(answer)),
      reject: (error) => end(() => reject(error)),
    });
    channel.publish(
      exchange,
      `${service}.request`,
      Buffer.from(JSON.stringify(payload)),
      {
        headers: headersOf({ campaignId, requestId, source, destination: service, operation }),
        contentType: 'application/json',
        // It outlives a restart of the broker.
        persistent: true,
        mandatory: true,
      },
      (error) => {
        if (error) waiting.get(requestId)?.reject(error);
      },
    );
  });
}

await takeCommands(
  { measure: (load) => closedLoop(inTurn(services, ask), load) },
  { end: () => connection.close() },
);
