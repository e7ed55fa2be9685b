// A service with state: a counter that can be started, stopped and reset.
import { loadServiceConfig } from '@intersect-sdk/config';
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';
import { Counter } from './counter.js';

const State = Type.Object(
  {
    count: Type.Integer({ default: 0, minimum: 0 }),
    counting: Type.Boolean({ default: false }),
  },
  {
    title: 'CountingServiceCapabilityImplementationState',
    description: 'Where the counter is, and whether it runs.',
  },
);

const Reply = Type.Object(
  { state: State, success: Type.Boolean({ description: 'Whether the message changed anything.' }) },
  { title: 'CountingServiceCapabilityImplementationResponse' },
);

const CountingExample = defineCapability({
  name: 'CountingExample',
  description: 'Counts up once a second while it is told to.',
  operations: {
    start_count: { description: 'Starts the counter; fails if it runs already.', response: Reply },
    stop_count: { description: 'Stops the counter; fails if it does not run.', response: Reply },
    reset_count: {
      description: 'Sets the counter back to 0 and answers with the state before.',
      request: Type.Boolean({ title: 'start_again' }),
      response: State,
    },
  },
  status: { schema: State },
});

const counter = new Counter();
const counting = CountingExample.implement({
  start_count: () => counter.start(),
  stop_count: () => counter.stop(),
  reset_count: (startAgain) => counter.reset(startAgain),
  status: () => counter.state,
});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy, statusInterval } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: {
    organization: 'counting-organization',
    facility: 'counting-facility',
    system: 'counting-system',
    subsystem: 'counting-subsystem',
    service: 'counting-service',
  },
  // Tells its status every 30 seconds, so that the counter can be watched without asking.
  statusInterval: 30,
});

const service = new IntersectService([counting], { brokers, hierarchy, statusInterval });

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Counting service is ready at ${service.address}; Ctrl+C ends it.`),
});
counter.stop();
