// Acknowledges the text that it is given.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { ServiceTwo } from './contract.js';

const two = ServiceTwo.implement({
  test_service: (text) => `Acknowledging service one text -> ${text}`,
  status: () => 'Up',
});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: {
    organization: 'example-organization',
    facility: 'example-facility',
    system: 'example-system',
    subsystem: 'example-subsystem',
    service: 'service-two',
  },
});

const service = new IntersectService([two], { brokers, hierarchy });

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Service two is ready at ${service.address}; Ctrl+C ends it.`),
});
