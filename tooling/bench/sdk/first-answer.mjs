// As short as a program of a user can be: connects, asks once, and says that the answer is there.
import { IntersectClient } from '@intersect-sdk/client';
import { settings } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { service, ...where } = settings();
const client = new IntersectClient({ brokers: [await transportOf(where)] });
await client.startup();
await client.request({ destination: service, operation: 'Bench.echo', payload: 'hello' });
process.stdout.write('{"first":true}\n');
await client.shutdown();
