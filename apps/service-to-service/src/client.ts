// Asks service one, which asks service two, and prints the events that tell what came of it.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { ServiceOne } from './contract.js';

const EVENTS_TO_PRINT = 2;
const ADDRESS = 'example-organization.example-facility.example-system.example-subsystem.service-one';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  const one = client.capability(ServiceOne, ADDRESS);
  const events = one.$events('response_event');
  await events.ready;
  await one.pass_text_to_service_2('Kicking off the example!', { timeoutMs: 30_000 });
  let printed = 0;
  for await (const { payload } of events) {
    console.log(payload);
    printed += 1;
    if (printed === EVENTS_TO_PRINT) break;
  }
} finally {
  await client.shutdown();
}
