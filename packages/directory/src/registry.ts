export type { RegistryConfig } from './registry/read-config.js';
export type { RegistryAsker, RegistryOptions } from './registry/registry-client.js';
export { RegistryClient } from './registry/registry-client.js';
