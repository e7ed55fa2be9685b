// A service on bare mqtt.js that promises what the SDK promises: nothing is left out, nothing added.
import { connectAsync } from 'mqtt';
import { settings, takeCommands } from '../lib/commands.mjs';
import { channelOf } from '../lib/names.mjs';
import { answerHeadersOf } from './headers.mjs';

const {
  host,
  port,
  username,
  password,
  keepRequestsMs,
  services: [service],
} = settings();

const client = await connectAsync({
  protocol: 'mqtt',
  host,
  port,
  username,
  password,
  protocolVersion: 5,
  clientId: `bench-raw-${service}`,
  // Requests wait in the session while the service is away.
  clean: false,
  properties: { sessionExpiryInterval: keepRequestsMs / 1000, receiveMaximum: 100 },
});
// A lone message goes out at once.
/** @type {import('node:net').Socket} */ (client.stream).setNoDelay(true);

// mqtt.js would acknowledge at once, or let one request at a time in: so it is kept from it, and `answer` does it.
client.handleMessage = (
  /** @type {import('mqtt').IPublishPacket} */ packet,
  /** @type {(error?: Error) => void} */ next,
) => {
  void answer(packet);
  next(new Error('acknowledged later'));
};

/** @param {import('mqtt').IPublishPacket} packet */
async function answer({ messageId, payload, properties }) {
  const acknowledge = () => {
    /** @type {any} */ (client)._sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
  };
  /** @type {Record<string, any>} */
  const headers = properties?.userProperties ?? {};
  if (headers.destination !== service || headers.operation_id !== 'Bench.echo') {
    acknowledge();
    return;
  }
  const value = await echo(JSON.parse(payload.toString()));
  client.publish(
    `${channelOf(headers.source)}/response`,
    JSON.stringify(value),
    {
      // The broker says that it has the answer, and keeps it over a restart.
      qos: 1,
      properties: { contentType: 'application/json', userProperties: answerHeadersOf(headers) },
    },
    (error) => {
      // Only when the broker has the answer; otherwise the request comes back.
      if (!error) acknowledge();
    },
  );
}

/** @param {unknown} text */
async function echo(text) {
  return text;
}

await client.subscribeAsync(`${channelOf(service)}/request`, { qos: 1 });

await takeCommands({}, { end: () => client.endAsync(false, { properties: { sessionExpiryInterval: 0 } }) });
