export type { BrokerConfig, BrokerProtocol, ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
export { checkBrokerConfig } from '@intersect-sdk/transport/endpoint';
export { storeFor } from './broker-config/store-for-browser.js';
export { transportFor } from './broker-config/transport-for-browser.js';
