import type { Listener, Retention } from '@intersect-sdk/transport';
import type { Instance } from './instance.js';

/** How the events come that a service listens to. */
export interface EventDelivery {
  readonly retention: Retention;
  readonly listener?: Listener | undefined;
  readonly shared?: boolean | undefined;
}

/** Kept for the service while it is away; of several instances for all together, or for each alone as long as it is there. */
export function eventDelivery(
  listener: Listener,
  {
    instance,
    replicaEvents,
  }: { readonly instance: Instance | undefined; readonly replicaEvents: 'one' | 'each' },
): EventDelivery {
  if (instance && replicaEvents === 'each') return { retention: 'session' };
  return { retention: 'durable', listener, shared: instance !== undefined };
}
