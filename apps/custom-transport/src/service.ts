// The greeting service of hello-world, on a hub.
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';
import { hubTransport } from './hub-transport.js';

const HelloExample = defineCapability({
  name: 'HelloExample',
  operations: { say_hello_to_name: { request: Type.String(), response: Type.String() } },
});

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
  postStartupCallback: () => console.log(`Hello service is ready at ${service.address}; Ctrl+C ends it.`),
});
