export type { DevBrokerConnection, MessageTraffic, TrafficEvent, TrafficListener } from './broker/traffic.js';
export type { DevBrokerLimits, DevBrokerOptions, ResolvedDevBrokerLimits } from './options.js';
export type { DevBroker } from './start-dev-broker.js';
export { startDevBroker } from './start-dev-broker.js';
