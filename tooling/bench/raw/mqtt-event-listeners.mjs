// Listeners on bare mqtt.js with what the SDK promises: events outlive a lost connection, come in order, and are
// acknowledged when they were handled.
import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { settings, takeCommands } from '../lib/commands.mjs';
import { channelOf } from '../lib/names.mjs';
import { Tally } from '../lib/tally.mjs';

const { host, port, username, password, service, listeners } = settings();
const tally = new Tally(listeners);
/** @type {import('mqtt').MqttClient[]} */
const clients = [];
for (let index = 0; index < listeners; index++) {
  const client = await connectAsync({
    protocol: 'mqtt',
    host,
    port,
    username,
    password,
    protocolVersion: 5,
    clientId: `bench-raw-${randomUUID()}`,
    clean: false,
    properties: { sessionExpiryInterval: 300, receiveMaximum: 100 },
  });
  clients.push(client);
  /** @type {import('node:net').Socket} */ (client.stream).setNoDelay(true);
  client.on('message', (_topic, payload, { properties }) => {
    /** @type {Record<string, any>} */
    const headers = properties?.userProperties ?? {};
    const event = JSON.parse(payload.toString());
    if (headers.source === service && headers.event_name === 'tick' && event === 'hello') tally.add(index);
  });
  await client.subscribeAsync(`${channelOf(service)}/events/Bench/tick`, { qos: 1 });
}

await takeCommands(
  { all: ({ count }) => tally.reached(count) },
  {
    end: () =>
      Promise.all(
        clients.map((client) => client.endAsync(false, { properties: { sessionExpiryInterval: 0 } })),
      ),
  },
);
