// A client on bare mqtt.js that promises what the SDK promises: nothing is left out, nothing added.
import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { closedLoop, inTurn } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { channelOf } from '../lib/names.mjs';
import { headersOf } from './headers.mjs';

const { host, port, username, password, services } = settings();
const operation = 'Bench.echo';
const campaignId = randomUUID();
const source = `tmp-.tmp-.tmp-.-.tmp-${randomUUID()}`;
const noMatchingSubscribers = 0x10;

const client = await connectAsync({
  protocol: 'mqtt',
  host,
  port,
  username,
  password,
  protocolVersion: 5,
  clientId: `bench-raw-${randomUUID()}`,
  // Answers outlive a lost connection: the broker keeps the session for five minutes without its client.
  clean: false,
  properties: { sessionExpiryInterval: 300, receiveMaximum: 100 },
});
// A lone message goes out at once.
/** @type {import('node:net').Socket} */ (client.stream).setNoDelay(true);

/** @type {Map<string, { service: string, resolve: (answer: unknown) => void, reject: (error: Error) => void }>} */
const waiting = new Map();

// mqtt.js acknowledges a message when its listeners are done, so that no answer is lost on its way into this program.
client.on('message', (_topic, payload, { properties }) => {
  /** @type {Record<string, any>} */
  const headers = properties?.userProperties ?? {};
  const request = waiting.get(headers.request_id);
  // Late, doubled, or from someone who was not asked.
  if (!request || headers.source !== request.service || headers.destination !== source) return;
  if (headers.has_error === 'true') request.reject(new Error(payload.toString()));
  else request.resolve(JSON.parse(payload.toString()));
});
await client.subscribeAsync(`${channelOf(source)}/response`, { qos: 1 });

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
    client.publish(
      `${channelOf(service)}/request`,
      JSON.stringify(payload),
      {
        // The broker says that it has the message, and keeps it over a restart.
        qos: 1,
        properties: {
          contentType: 'application/json',
          userProperties: headersOf({ campaignId, requestId, source, destination: service, operation }),
        },
      },
      (error, packet) => {
        if (error) waiting.get(requestId)?.reject(error);
        // A request that nobody takes fails at once.
        const { reasonCode } = /** @type {{ reasonCode?: number }} */ (packet ?? {});
        if (reasonCode === noMatchingSubscribers)
          waiting.get(requestId)?.reject(new Error('Nobody receives it.'));
      },
    );
  });
}

await takeCommands(
  { measure: (load) => closedLoop(inTurn(services, ask), load) },
  { end: () => client.endAsync(false, { properties: { sessionExpiryInterval: 0 } }) },
);
