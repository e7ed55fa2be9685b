// A camera: gives its pictures as a whole, as a stream, and as events. Each lies in the data store; the message says where.
import { buffer } from 'node:stream/consumers';
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { Camera } from './contract.js';
import { dataStores } from './data-stores.js';
import { png } from './png.js';
import { sunOverTheSea } from './scene.js';

const FRAME = { width: 320, height: 240 };

const camera = Camera.implement({
  take_picture: (size) => buffer(png(size, sunOverTheSea(size))),

  // What is given piece by piece goes to the store as it comes, and is never in memory as a whole.
  scan: (size) => png(size, sunOverTheSea(size)),

  async record(frames, { emit }) {
    for (let moment = 0; moment < frames; moment++) {
      await emit('frame', await buffer(png(FRAME, sunOverTheSea(FRAME, moment))));
    }
    return frames;
  },

  status: () => 'Up',
});

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
  postStartupCallback: () => console.log(`Camera is ready at ${service.address}; Ctrl+C ends it.`),
});
