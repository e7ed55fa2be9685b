// A service whose work takes long: it tells how far it is, gives what it measures at once, and stops when it is told to.
import { setTimeout as delay } from 'node:timers/promises';
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { Diffractometer, HIERARCHY } from './contract.js';

const STEPS = 4;
const STEP_MS = 100;
const ANGLE_MS = 20;

let turns = false;

const diffractometer = Diffractometer.implement({
  align: async (_nothing, { progress, signal }) => {
    for (let step = 1; step <= STEPS; step++) {
      // Ends at once when the client cancels, or when the service stops.
      await delay(STEP_MS, undefined, { signal });
      progress({ fraction: step / STEPS, message: `step ${step} of ${STEPS}` });
    }
    return 'aligned';
  },
  async *scan(angles, { signal }) {
    turns = true;
    try {
      for (let n = 0; n < angles; n++) {
        await delay(ANGLE_MS, undefined, { signal });
        yield { angle: n / 2, counts: 1000 + 7 * n };
      }
    } finally {
      // However the scan ends, also where nobody reads on.
      turns = false;
    }
  },
  motor: () => (turns ? 'turns' : 'rests'),
});

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers, hierarchy } = await loadServiceConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
  hierarchy: HIERARCHY,
});

const service = new IntersectService([diffractometer], { brokers, hierarchy });
await defaultIntersectLifecycleLoop(service, {
  postStartupCallback: () => console.log(`Diffractometer is ready at ${service.address}; Ctrl+C ends it.`),
});
