// What the ping and the pong service have in common.
import { loadServiceConfig } from '@intersect-sdk/config';
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';

/** Runs a service that emits its own name every two seconds, until a signal ends it. */
export async function runService(name: 'ping' | 'pong'): Promise<void> {
  const capability = defineCapability({
    name,
    description: `Emits '${name}' every two seconds.`,
    events: { [name]: { schema: Type.String() } },
  }).implement({});

  // INTERSECT_BROKER_URL, when set, goes before what is written here.
  const { brokers, hierarchy } = await loadServiceConfig({
    brokers: [
      { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
    ],
    hierarchy: {
      organization: 'p-ng-organization',
      facility: 'p-ng-facility',
      system: 'p-ng-system',
      subsystem: 'p-ng-subsystem',
      service: `${name}-service`,
    },
  });
  const service = new IntersectService([capability], { brokers, hierarchy });

  await defaultIntersectLifecycleLoop(service, {
    // An example that is ended does not come back, so nothing of it is to stay at the broker.
    forget: true,
    postStartupCallback: () => {
      console.log(`The ${name} service is ready at ${service.address}; Ctrl+C ends it.`);
      const timer = setInterval(() => void capability.emit(name, name), 2_000);
      service.signal.addEventListener('abort', () => clearInterval(timer));
    },
  });
}
