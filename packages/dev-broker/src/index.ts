export type { DevBroker, DevBrokerConnection } from './broker.js';
export { startDevBroker } from './broker.js';
export type { DevBrokerLimits, DevBrokerOptions } from './options.js';
export { DEV_BROKER_LIMITS } from './options.js';
export type { MessageTraffic, TrafficEvent, TrafficListener, TrafficOptions } from './traffic.js';
