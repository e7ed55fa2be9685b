// Greets whoever asks. A name that came by reference reaches the handler as any other, and the greeting goes into the data store.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { HelloExample } from './contract.js';
import { dataStores } from './data-stores.js';

const hello = HelloExample.implement({
  say_hello_to_name: (name) => `Hello, ${name}!`,
  status: () => 'Up',
});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const config = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  dataStores,
  hierarchy: {
    organization: 'hello-organization',
    facility: 'hello-facility',
    system: 'hello-system',
    subsystem: 'hello-subsystem',
    service: 'hello-service',
  },
});

const service = new IntersectService([hello], config);

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Hello service is ready at ${service.address}; Ctrl+C ends it.`),
});
