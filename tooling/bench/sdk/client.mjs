// The SDK's client.
import { IntersectClient } from '@intersect-sdk/client';
import { closedLoop, inTurn } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { services, ...where } = settings();
const client = new IntersectClient({ brokers: [await transportOf(where)] });
await client.startup();

const ask = inTurn(services, (destination, payload) =>
  client.request({ destination, operation: 'Bench.echo', payload }),
);

await takeCommands({ measure: (load) => closedLoop(ask, load) }, { end: () => client.shutdown() });
