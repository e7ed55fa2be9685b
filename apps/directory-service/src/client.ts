// Asks the directory which services there are.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { Directory } from './contract.js';

const ADDRESS = 'directory-organization.directory-facility.directory-system.-.directory-service';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  const directory = client.capability(Directory, ADDRESS);
  // It knows itself, too.
  const { state } = await directory.wait_for_service(ADDRESS, { timeoutMs: 90_000 });
  console.log(`The directory is ${state}.`);
  const services = await directory.list_services();
  const found = services.find(({ address }) => address === ADDRESS);
  console.log(`It lists ${found?.address}.`);
  const description = await directory.describe_service(ADDRESS);
  const { capabilities = {} } = (description?.schema ?? {}) as { capabilities?: object };
  console.log(`It can do: ${Object.keys(capabilities).join(', ')}.`);
} finally {
  await client.shutdown();
}
