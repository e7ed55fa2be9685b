// Listens to one of two services at a time: after a ping it wants a pong, after a pong a ping.
import {
  defaultIntersectLifecycleLoop,
  type EventParams,
  IntersectClient,
  stop,
} from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';

const EVENTS_TO_PRINT = 4;

function eventsOf(name: 'ping' | 'pong'): EventParams {
  const hierarchy = `p-ng-organization.p-ng-facility.p-ng-system.p-ng-subsystem.${name}-service`;
  return { hierarchy, capabilityName: name, eventName: name };
}

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

let printed = 0;
const client = new IntersectClient(
  { brokers, initialMessageEventConfig: { servicesToStartListeningForEvents: [eventsOf('ping')] } },
  undefined,
  (_source, _capabilityName, eventName, payload) => {
    console.log(payload);
    printed += 1;
    if (printed === EVENTS_TO_PRINT) return stop;
    const [heard, wanted] = eventName === 'ping' ? (['ping', 'pong'] as const) : (['pong', 'ping'] as const);
    return {
      servicesToStartListeningForEvents: [eventsOf(wanted)],
      servicesToStopListeningForEvents: [eventsOf(heard)],
    };
  },
);

await defaultIntersectLifecycleLoop(client);
