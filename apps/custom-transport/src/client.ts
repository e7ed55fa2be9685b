// Asks the service for a greeting by way of the hub, and prints it.
import { IntersectClient } from '@intersect-sdk/client';
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
  const greeting = await client.request({
    destination: 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service',
    operation: 'HelloExample.say_hello_to_name',
    payload: 'hello_client',
  });
  console.log(greeting);
} finally {
  await client.shutdown();
}
