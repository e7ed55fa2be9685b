import type { DataStoresConfig } from '@intersect-sdk/core';
import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';

/** A message that a client sends at start-up. */
export interface LoadedMessage {
  readonly destination: string;
  readonly operation: string;
  /** Exactly what the file holds. */
  readonly payload: unknown;
  readonly contentType?: string;
  readonly dataHandler?: 'MESSAGE' | 'MINIO';
}

/** Events that a client listens to from the start. */
export interface LoadedEventSelector {
  readonly hierarchy: string;
  readonly capabilityName: string;
  readonly eventName: string;
}

/** What every loaded configuration has, checked and complete. */
export interface LoadedConnections {
  readonly brokers: readonly ResolvedBrokerConfig[];
  readonly dataStores: DataStoresConfig;
}

/**
 * What `new IntersectClient(config)` takes. `brokers` and `dataStores` are checked and complete; the
 * other fields are as the file has them, and the client's constructor checks them.
 */
export interface LoadedClientConfig extends LoadedConnections {
  readonly initialMessageEventConfig?: {
    readonly messagesToSend?: readonly LoadedMessage[];
    readonly servicesToStartListeningForEvents?: readonly LoadedEventSelector[];
    readonly servicesToStopListeningForEvents?: readonly LoadedEventSelector[];
  };
  readonly resendInitialMessagesOnSecondaryStartup?: boolean;
  readonly terminateAfterInitialMessages?: boolean;
  readonly system?: string;
  readonly facility?: string;
  readonly organization?: string;
  readonly requestTimeoutMs?: number;
  readonly keepSessionMs?: number;
  readonly shutdownTimeoutMs?: number;
  readonly maxPayloadBytes?: number;
  readonly maxPendingRequests?: number;
}

/**
 * What `new IntersectService(capabilities, config)` takes. `brokers` and `dataStores` are checked and
 * complete; the other fields are as the file has them, and the service's constructor checks them.
 */
export interface LoadedServiceConfig extends LoadedConnections {
  readonly hierarchy: {
    readonly organization: string;
    readonly facility: string;
    readonly system: string;
    readonly subsystem?: string;
    readonly service: string;
  };
  /** Seconds between two status messages. */
  readonly statusInterval?: number;
  readonly concurrency?: number;
  readonly maxInFlight?: number;
  readonly keepRequestsMs?: number;
  readonly keepEventsMs?: number;
  readonly answerRetryMs?: number;
  readonly requestTimeoutMs?: number;
  readonly shutdownTimeoutMs?: number;
  readonly maxPayloadBytes?: number;
  readonly maxPendingRequests?: number;
}
