export type { BrokerConfig, BrokerProtocol, ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
export { checkBrokerConfig } from '@intersect-sdk/transport/endpoint';
export { transportFor } from './broker-config/transport-for-browser.js';
