import type { ResolvedDataStoresConfig } from '@intersect-sdk/core/internal';
import type {
  IntersectClientConfig,
  IntersectServiceConfig,
  ParticipantOptions,
} from '@intersect-sdk/messaging';
import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';

/** What every loaded configuration has, checked and complete. */
export interface LoadedConnections {
  readonly brokers: readonly ResolvedBrokerConfig[];
  readonly dataStores: ResolvedDataStoresConfig;
}

/** What no file can hold, or holds in a form of its own. */
type NotAsGiven =
  | keyof LoadedConnections
  | keyof Pick<ParticipantOptions, 'logger' | 'onReport' | 'observers'>;

/**
 * What `new IntersectClient(config)` takes. `brokers` and `dataStores` are complete; the other fields are checked, and
 * missing where the file has none. The client's constructor checks messages and events.
 */
export interface LoadedClientConfig extends LoadedConnections, Omit<IntersectClientConfig, NotAsGiven> {}

/**
 * What `new IntersectService(capabilities, config)` takes. `brokers` and `dataStores` are complete; the other fields are
 * checked, and missing where the file has none. The service's constructor checks the parts of the hierarchy.
 */
export interface LoadedServiceConfig extends LoadedConnections, Omit<IntersectServiceConfig, NotAsGiven> {}
