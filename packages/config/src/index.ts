export type { DataStoreConfig, DataStoresConfig } from '@intersect-sdk/core/internal';
export type { BrokerConfig, BrokerProtocol, ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
export type { Environment } from './environment.js';
export type { LoadOptions } from './load.js';
export { loadClientConfig, loadServiceConfig } from './load.js';
export type { LoadedClientConfig, LoadedConnections, LoadedServiceConfig } from './loaded-config.js';
