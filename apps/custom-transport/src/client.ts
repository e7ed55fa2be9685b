// Asks the service for a greeting by way of the hub, and prints it.
import { IntersectClient } from '@intersect-sdk/client';
import { HelloExample } from './contract.js';
import { hubTransport } from './hub-transport.js';

const client = new IntersectClient({
  brokers: [
    hubTransport({
      port: Number(process.env.HUB_PORT ?? 7070),
      name: 'hello-client',
      password: 'intersect_password',
    }),
  ],
});

await client.startup();
try {
  const hello = client.capability(
    HelloExample,
    'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service',
  );
  console.log(await hello.say_hello_to_name('hello_client'));
} finally {
  await client.shutdown();
}
