// Listens to the events of the counting service and prints the first three.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { CountingExample } from './contract.js';

const ADDRESS = 'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';
const EVENTS_TO_PRINT = 3;

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  let printed = 0;
  // Leaving the loop ends the listening.
  for await (const { payload } of client.capability(CountingExample, ADDRESS).$events('increment_counter')) {
    console.log(payload);
    printed += 1;
    if (printed === EVENTS_TO_PRINT) break;
  }
} finally {
  await client.shutdown();
}
