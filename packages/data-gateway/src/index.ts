export type { DataGateway } from './gateway/data-gateway.js';
export { dataGateway } from './gateway/data-gateway.js';
export type { DataGatewayOptions, TokenCheck } from './gateway/options.js';
export { gatewayStore } from './store/gateway-store.js';
export type { GatewayStoreOptions, TokenSource } from './store/options.js';
