// Greets whoever asks: the capability HelloExample with one operation.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { hello } from './hello.js';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: {
    organization: 'hello-organization',
    facility: 'hello-facility',
    system: 'hello-system',
    subsystem: 'hello-subsystem',
    service: 'hello-service',
  },
});

const service = new IntersectService([hello], { brokers, hierarchy });

// Starts the service and runs it until SIGINT or SIGTERM, which end it in order.
await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Hello service is ready at ${service.address}; Ctrl+C ends it.`),
});
