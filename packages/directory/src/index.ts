export type { DirectoryClient } from './directory-client.js';
export type { DirectoryOptions } from './directory-options.js';
export type { KnownService, ServiceChange, ServiceChangeKind, ServiceState } from './map/known-service.js';
export type { ServiceChanges, ServiceDirectory, WaitForOptions } from './service-directory.js';
export type { RabbitManagementOptions } from './sources/rabbit-management.js';
export type { DirectoryStore } from './store.js';
export { watchServices } from './watch-services.js';
