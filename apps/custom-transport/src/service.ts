// The greeting service of hello-world, on a hub.
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { HelloExample } from './contract.js';
import { hubTransport } from './hub-transport.js';

const hello = HelloExample.implement({ say_hello_to_name: (name) => `Hello, ${name}!` });

const service = new IntersectService([hello], {
  brokers: [
    hubTransport({
      port: Number(process.env.HUB_PORT ?? 7070),
      name: 'hello-service',
      password: 'intersect_password',
    }),
  ],
  hierarchy: {
    organization: 'hello-organization',
    facility: 'hello-facility',
    system: 'hello-system',
    subsystem: 'hello-subsystem',
    service: 'hello-service',
  },
});

// Starts the service and runs it until SIGINT or SIGTERM, which end it in order.
await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Hello service is ready at ${service.address}; Ctrl+C ends it.`),
});
