// Asks the hello-world service for a greeting and prints it.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { HelloExample } from './contract.js';

const ADDRESS = 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  // Operations are methods, and the compiler knows what they take and give.
  const hello = client.capability(HelloExample, ADDRESS);
  const greeting = await hello.say_hello_to_name('hello_client', { timeoutMs: 30_000 });
  console.log(greeting);
} finally {
  await client.shutdown();
}
