// A camera: gives its pictures as a whole, as a stream, and as events. Each lies in the data store; the message says where.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { Camera } from './contract.js';
import { dataStores } from './data-stores.js';
import { handlers } from './handlers.js';

const camera = Camera.implement(handlers);

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: {
    organization: 'camera-organization',
    facility: 'camera-facility',
    system: 'camera-system',
    subsystem: 'camera-subsystem',
    service: 'camera-service',
  },
});

const service = new IntersectService([camera], { brokers, hierarchy, dataStores });

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Camera is ready at ${service.address}; Ctrl+C ends it.`),
});
