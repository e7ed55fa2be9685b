// A page that asks the hello-world service for a greeting. A browser reaches a broker by WebSocket alone.
import { IntersectClient } from '@intersect-sdk/client';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { HelloExample } from './contract.js';

const ADDRESS = 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service';

// Behind the `#`, which no browser sends to any server. Whoever has a page of theirs asks the user for it, or their own server.
const given = new URLSearchParams(location.hash.slice(1)).get('broker');
const url = given ?? 'ws://intersect_username:intersect_password@127.0.0.1:15675/ws';

const form = document.querySelector('form') as HTMLFormElement;
const output = document.querySelector('output') as HTMLOutputElement;

const client = new IntersectClient({ brokers: [mqttTransport({ url })] });
const hello = client.capability(HelloExample, ADDRESS);
addEventListener('pagehide', () => void client.shutdown());

async function ask(name: string): Promise<void> {
  try {
    output.value = await hello.say_hello_to_name(name, { timeoutMs: 10_000 });
  } catch (error) {
    output.value = (error as Error).message;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void ask(String(new FormData(form).get('name')));
});

try {
  await client.startup();
  await ask('page');
} catch (error) {
  output.value = (error as Error).message;
}
