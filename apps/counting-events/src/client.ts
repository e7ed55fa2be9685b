// Listens to the events of the counting service and prints the first three.
import { defaultIntersectLifecycleLoop, IntersectClient, stop } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';

const EVENTS_TO_PRINT = 3;

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

let printed = 0;
const client = new IntersectClient(
  {
    brokers,
    initialMessageEventConfig: {
      servicesToStartListeningForEvents: [
        {
          hierarchy:
            'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service',
          capabilityName: 'CountingExample',
          eventName: 'increment_counter',
        },
      ],
    },
  },
  undefined,
  (_source, _capabilityName, _eventName, payload) => {
    console.log(payload);
    printed += 1;
    return printed === EVENTS_TO_PRINT ? stop : undefined;
  },
);

await defaultIntersectLifecycleLoop(client);
