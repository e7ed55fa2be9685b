export type {
  ConnectOptions,
  DeliveryHandler,
  DeliveryInfo,
  Listener,
  PublishOptions,
  Retention,
  SessionOptions,
  SubscribeOptions,
  Subscription,
  Transport,
  TransportCapabilities,
  TransportState,
} from './contract.js';
export { createTransport } from './create-transport.js';
export type {
  Link,
  LinkEvents,
  OpenOptions,
  PublishOutcome,
  SubscriptionSpec,
  TransportDriver,
} from './driver.js';
export type { TransportEvent } from './events.js';
export type { ResolvedSupervisorOptions, SupervisorOptions } from './options.js';
export { readSupervisorOptions, resolveSupervisorOptions, SUPERVISOR_DEFAULTS } from './options.js';
export type { Delivery } from './supervisor/delivery-queue.js';
export { DeliveryQueue } from './supervisor/delivery-queue.js';
export { Fifo } from './supervisor/fifo.js';
