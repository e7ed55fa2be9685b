// Emits an event every two seconds, for other services to hear.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { InternalServiceCapability } from './contract.js';

const internal = InternalServiceCapability.implement({});

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
    service: 'internal-service',
  },
});

const service = new IntersectService([internal], { brokers, hierarchy });

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => {
    console.log(`Internal service is ready at ${service.address}; Ctrl+C ends it.`);
    const emit = () => void internal.emit('internal_service_event', 'not_feeling_creative');
    const timer = setInterval(emit, 2_000);
    service.signal.addEventListener('abort', () => clearInterval(timer));
  },
});
