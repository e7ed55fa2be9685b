// A service that only emits events: every two seconds a number three times larger.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { CountingExample } from './contract.js';

const counting = CountingExample.implement({});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
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
});

const service = new IntersectService([counting], { brokers, hierarchy });

let counter = 1;
await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  // Events can go out only once the service is started.
  postStartupCallback: () => {
    console.log(`Counting service is ready at ${service.address}; Ctrl+C ends it.`);
    const timer = setInterval(() => {
      // Beyond 2^53 a number would lose digits: begin again.
      counter = counter * 3 > Number.MAX_SAFE_INTEGER ? 3 : counter * 3;
      void counting.emit('increment_counter', counter);
    }, 2_000);
    // It would keep the process alive, and emit what goes nowhere.
    service.signal.addEventListener('abort', () => clearInterval(timer));
  },
});
