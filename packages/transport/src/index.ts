export type {
  ConnectOptions,
  DrainOptions,
  Listener,
  PublishOptions,
  Retention,
  SessionOptions,
  SubscribeOptions,
} from './call-options.js';
export type {
  DeliveryHandler,
  DeliveryInfo,
  Sharing,
  Subscription,
  Transport,
  TransportCapabilities,
} from './contract.js';
export { createTransport } from './create-transport.js';
export type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  OpenOptions,
  PublishOutcome,
  SubscriptionSpec,
  TransportDriver,
} from './driver.js';
export type { TransportEvent, TransportState } from './events.js';
export type { SupervisorOptions } from './options.js';
export { shareTransport } from './share-transport.js';
