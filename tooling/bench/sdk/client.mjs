// The SDK's client.
import { IntersectClient } from '@intersect-sdk/client';
import { closedLoop } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { service, ...where } = settings();
const client = new IntersectClient({ brokers: [await transportOf(where)] });
await client.startup();

/** @param {string} payload */
const ask = (payload) => client.request({ destination: service, operation: 'Bench.echo', payload });

await takeCommands({ measure: (load) => closedLoop(ask, load) }, { end: () => client.shutdown() });
