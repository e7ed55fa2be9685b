// Clients of the SDK that listen to the same events, each with its own connection.
import { IntersectClient } from '@intersect-sdk/client';
import { settings, takeCommands } from '../lib/commands.mjs';
import { Tally } from '../lib/tally.mjs';
import { transportOf } from './transport.mjs';

const { service, listeners, ...where } = settings();
const tally = new Tally(listeners);
/** @type {IntersectClient[]} */
const clients = [];
for (let index = 0; index < listeners; index++) {
  const client = new IntersectClient(
    {
      brokers: [await transportOf(where)],
      initialMessageEventConfig: {
        servicesToStartListeningForEvents: [
          { hierarchy: service, capabilityName: 'Bench', eventName: 'tick' },
        ],
      },
    },
    undefined,
    (...event) => {
      if (event[3] === 'hello') tally.add(index);
    },
  );
  await client.startup();
  clients.push(client);
}

await takeCommands(
  { all: ({ count }) => tally.reached(count) },
  { end: () => Promise.all(clients.map((client) => client.shutdown())) },
);
