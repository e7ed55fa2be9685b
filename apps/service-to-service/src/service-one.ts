// Asks service two on behalf of whoever asks it, and tells the outcome as events.
import { loadServiceConfig } from '@intersect-sdk/config';
import { defaultIntersectLifecycleLoop, IntersectService } from '@intersect-sdk/service';
import { ServiceOne, ServiceTwo } from './contract.js';

const SERVICE_TWO = 'example-organization.example-facility.example-system.example-subsystem.service-two';

const one = ServiceOne.implement({
  async pass_text_to_service_2(text, context) {
    // With the context, other requests can run while this one waits for service two.
    const two = service.capability(ServiceTwo, SERVICE_TWO, context);
    const { emit } = context;
    await emit('response_event', `Received Response from Service 2: ${await two.test_service(text)}`);
    const second = await two.test_service('Final Verification');
    await emit('response_event', `Received Second Response from Service 2: ${second}`);
  },
  status: () => 'Up',
});

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
    service: 'service-one',
  },
});

const service = new IntersectService([one], { brokers, hierarchy });

await defaultIntersectLifecycleLoop(service, {
  // An example that is ended does not come back, so nothing of it is to stay at the broker.
  forget: true,
  postStartupCallback: () => console.log(`Service one is ready at ${service.address}; Ctrl+C ends it.`),
});
