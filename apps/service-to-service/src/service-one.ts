// Asks service two on behalf of whoever asks it, and tells the outcome as events.
import { loadServiceConfig } from '@intersect-sdk/config';
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';

const ServiceOne = defineCapability({
  name: 'ServiceOne',
  description: 'Passes text on to service two.',
  operations: {
    pass_text_to_service_2: {
      description: 'Sends the text to service two, then a second one, and emits what comes back.',
      request: Type.String({ title: 'text' }),
    },
  },
  events: { response_event: { schema: Type.String() } },
  status: { schema: Type.String() },
});

const one = ServiceOne.implement({
  async pass_text_to_service_2(text, { call, emit }) {
    const ask = async (payload: string): Promise<unknown> => {
      const destination =
        'example-organization.example-facility.example-system.example-subsystem.service-two';
      return (await call({ destination, operation: 'ServiceTwo.test_service', payload })).payload;
    };
    await emit('response_event', `Received Response from Service 2: ${await ask(text)}`);
    await emit(
      'response_event',
      `Received Second Response from Service 2: ${await ask('Final Verification')}`,
    );
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
  postStartupCallback: () => console.log(`Service one is ready at ${service.address}; Ctrl+C ends it.`),
});
