// Prints two events of the exposed service.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { ExposedServiceCapability } from './contract.js';

const ADDRESS = 'example-organization.example-facility.example-system.example-subsystem.exposed-service';
const EVENTS_TO_PRINT = 2;

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  const exposed = client.capability(ExposedServiceCapability, ADDRESS);
  let printed = 0;
  for await (const { payload } of exposed.$events('exposed_service_event')) {
    console.log(payload);
    printed += 1;
    if (printed === EVENTS_TO_PRINT) break;
  }
} finally {
  await client.shutdown();
}
