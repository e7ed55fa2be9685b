// Listens to the internal service and tells what it heard in an event of its own.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { ExposedServiceCapability } from './contract.js';

const exposed = ExposedServiceCapability.implement({});

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
    service: 'exposed-service',
  },
});

const service = new IntersectService([exposed], { brokers, hierarchy });

await service.registerEvent(
  {
    hierarchy: 'example-organization.example-facility.example-system.example-subsystem.internal-service',
    capabilityName: 'InternalServiceCapability',
    eventName: 'internal_service_event',
  },
  ({ source, eventName, payload }) =>
    exposed.emit(
      'exposed_service_event',
      `From event "${eventName}", received message "${payload}" from "${source}"`,
    ),
);

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Exposed service is ready at ${service.address}; Ctrl+C ends it.`),
});
