// Keeps the map of all services, and offers it to whoever asks.
import { IntersectClient } from '@intersect-sdk/client';
import { loadServiceConfig } from '@intersect-sdk/config';
import { watchServices } from '@intersect-sdk/directory';
import { fileStore } from '@intersect-sdk/directory/file-store';
import { CapabilityError, defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { Directory } from './contract.js';
import { describedBy, shown } from './shown.js';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: {
    organization: 'directory-organization',
    facility: 'directory-facility',
    system: 'directory-system',
    service: 'directory-service',
  },
});

// Where the map is kept while this program is away, and RabbitMQ's management API, if they are wanted.
const { DIRECTORY_FILE: file, DIRECTORY_MANAGEMENT_URL: management } = process.env;

await using client = await new IntersectClient({ brokers }).startup();
await using directory = watchServices(client, {
  store: file === undefined ? undefined : fileStore(file),
  rabbitManagement: management === undefined ? undefined : managementOf(new URL(management)),
  onProblem: (error) => console.error(error.message),
});
await directory.ready;

const known = Directory.implement({
  list_services: () => [...directory.services.values()].map(shown),
  describe_service: (address) => {
    const service = directory.services.get(address);
    return service ? describedBy(service) : null;
  },
  wait_for_service: async (address, { signal }) => {
    try {
      return shown(await directory.waitFor(address, { timeoutMs: 60_000, signal }));
    } catch (error) {
      throw new CapabilityError(`${address} did not come within a minute.`, { cause: error });
    }
  },
  status: () => {
    const services = [...directory.services.values()];
    return { services: services.length, up: services.filter(({ state }) => state === 'up').length };
  },
});

const service = new IntersectService([known], { brokers, hierarchy });

/** Tells every change until the directory ends. */
async function tellChanges(): Promise<void> {
  for await (const { kind, service: changed } of directory.changes()) {
    await known.emit('changed', { kind, service: shown(changed) });
  }
}

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => {
    void tellChanges().catch((error: Error) => console.error(error.message));
    console.log(`Directory is ready at ${service.address}; Ctrl+C ends it.`);
  },
});

function managementOf({ origin, username, password }: URL) {
  return { url: origin, username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
