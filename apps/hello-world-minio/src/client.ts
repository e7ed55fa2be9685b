// Asks for a greeting and prints it. Both the name and the greeting travel by reference.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { HelloExample } from './contract.js';
import { dataStores } from './data-stores.js';

const ADDRESS = 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const config = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  dataStores,
});

// Who sends decides how data travel, here everything beyond 0 bytes by reference. For its answer the service says it, in the contract.
const client = new IntersectClient({ ...config, offloadAboveBytes: 0 });
await client.startup();
try {
  const hello = client.capability(HelloExample, ADDRESS);
  const greeting = await hello.say_hello_to_name('hello_client', { timeoutMs: 30_000 });
  console.log(greeting);
} finally {
  await client.shutdown();
}
