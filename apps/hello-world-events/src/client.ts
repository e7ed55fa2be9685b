// Asks for a greeting, and prints both the event that the request causes and the answer.
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
  const hello = client.capability(HelloExample, ADDRESS);
  const events = hello.$events('hello_event');
  // From here on no event is missed, so now it can be caused.
  await events.ready;
  const greeting = hello.say_hello_to_name('hello_client', { timeoutMs: 30_000 });
  for await (const { payload } of events) {
    console.log(payload);
    break;
  }
  console.log(await greeting);
} finally {
  await client.shutdown();
}
