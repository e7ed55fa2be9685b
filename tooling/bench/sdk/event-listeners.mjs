// Clients of the SDK that listen to the same events, each with its own connection.
import { IntersectClient } from '@intersect-sdk/client';
import { settings, takeCommands } from '../lib/commands.mjs';
import { Tally } from '../lib/tally.mjs';
import { transportOf } from './transport.mjs';

const { service, listeners, ...where } = settings();
const tally = new Tally(listeners);
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
    (_source, _capability, _event, payload) => {
      if (payload === 'hello') tally.add(index);
    },
  );
  await client.startup();
  clients.push(client);
}

await takeCommands(
  { all: ({ count }) => tally.reached(count) },
  { end: () => Promise.all(clients.map((client) => client.shutdown())) },
);
