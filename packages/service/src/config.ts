import type { DataStore, DataStores, Hierarchy, Issue, Logger } from '@intersect-sdk/core';
import { checkDataStores, FieldReader, readLogger, type Wire, wireOf } from '@intersect-sdk/core/internal';
import {
  checkBrokerList,
  isTransport,
  MAX_PAYLOAD_BYTES,
  MAX_PENDING_REQUESTS,
  type Observer,
  type Observers,
  type ReportListener,
  readObservers,
} from '@intersect-sdk/messaging';
import { type BrokerConfig, checkBrokerConfig } from '@intersect-sdk/messaging/broker-config';
import type { Transport } from '@intersect-sdk/transport';

/** How a service is set up. All but `hierarchy` and `brokers` may be left out. */
export interface IntersectServiceConfig {
  /** Where the service stands; its parts make its address. Unique: two services must not share it. */
  readonly hierarchy: Hierarchy;
  /** At least one: a transport, or the plain configuration of a broker. */
  readonly brokers: readonly (Transport | BrokerConfig)[];
  /**
   * Needed for the data handler `MINIO`. The first takes answers and events, requests are read from all. The plain values of a
   * configuration file are taken too, so that one file serves every SDK; this version can't make stores of them by itself.
   * @default []
   */
  readonly dataStores?: DataStores | undefined;
  /**
   * How often the status is sent out, in s; at least 30, below 1500. The first time after 60 s or later.
   * @default 300
   */
  readonly statusInterval?: number | undefined;
  /**
   * How many handlers run at once. One that waits for another service is not counted.
   * @default 32
   */
  readonly concurrency?: number | undefined;
  /**
   * How many requests may be taken from each broker and not yet answered, those that wait included.
   * @default four times `concurrency`, at least 1024
   */
  readonly maxInFlight?: number | undefined;
  /**
   * How long a broker keeps requests over MQTT while the service is down, in ms. AMQP keeps them for good.
   * @default 604800000 (7 days)
   */
  readonly keepRequestsMs?: number | undefined;
  /**
   * How long `call()` waits for an answer unless it says otherwise, in ms.
   * @default 300000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How long `shutdown()` waits for running handlers and pending messages, in ms.
   * @default 10000
   */
  readonly shutdownTimeoutMs?: number | undefined;
  /**
   * The largest payload of a request, answer or event to take in, in bytes; a larger one is refused and reported.
   * @default 16777216
   */
  readonly maxPayloadBytes?: number | undefined;
  /**
   * How many requests may wait for their answers at once; one more rejects with PENDING_FULL.
   * @default 20000
   */
  readonly maxPendingRequests?: number | undefined;
  /** Silent by default. Never gets a payload or a secret. */
  readonly logger?: Logger | undefined;
  /** Told of everything that was refused, failed or reached no one, with its reason. */
  readonly onReport?: ReportListener | undefined;
  /** Who sees every message and every report, e.g. telemetry. None by default, which costs nothing. */
  readonly observers?: readonly Observer[] | undefined;
}

export interface ResolvedServiceConfig {
  readonly wire: Wire;
  readonly hierarchy: Hierarchy;
  readonly brokers: readonly (Transport | BrokerConfig)[];
  readonly dataStores: readonly DataStore[];
  readonly statusIntervalMs: number;
  readonly concurrency: number;
  readonly maxInFlight: number;
  readonly keepRequestsMs: number;
  readonly requestTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly maxPayloadBytes: number;
  readonly maxPendingRequests: number;
  readonly logger: Logger;
  readonly observers: Observers;
}

const SERVICE_DEFAULTS = {
  statusInterval: 300,
  concurrency: 32,
  minInFlight: 1024,
  keepRequestsMs: 7 * 24 * 3_600_000,
  requestTimeoutMs: 300_000,
  shutdownTimeoutMs: 10_000,
  maxPayloadBytes: MAX_PAYLOAD_BYTES,
  maxPendingRequests: MAX_PENDING_REQUESTS,
} as const;

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Stands for a hierarchy that was refused, so that the rest can be checked too. */
const NOWHERE: Hierarchy = { organization: 'none', facility: 'none', system: 'none', service: 'none' };

/** Checks and completes a service's configuration. Remembers every problem; the result is only of use if there is none. */
export function resolveServiceConfig(input: unknown, issues: Issue[]): ResolvedServiceConfig {
  const wire = wireOf(input);
  const read = new FieldReader(input, issues);
  const logger = readLogger(read);
  const d = SERVICE_DEFAULTS;
  const timer = { min: 1, max: LONGEST_TIMER_MS } as const;
  const count = { min: 1, max: 65_535, integer: true } as const;
  const hierarchy = wire.checkHierarchy(read.raw('hierarchy'), issues, 'hierarchy') ?? NOWHERE;
  const brokers = checkBrokerList(read.raw('brokers'), issues).map((broker, index) =>
    isTransport(broker) ? broker : checkBrokerConfig(broker, issues, `brokers[${index}]`),
  );
  const concurrency = read.number('concurrency', d.concurrency, count);
  const resolved: ResolvedServiceConfig = {
    wire,
    hierarchy,
    brokers,
    dataStores: checkDataStores(read.raw('dataStores'), issues, 'dataStores'),
    statusIntervalMs: read.number('statusInterval', d.statusInterval, { min: 30, below: 1500 }) * 1000,
    concurrency,
    maxInFlight: read.number(
      'maxInFlight',
      Math.max(d.minInFlight, Math.min(concurrency * 4, count.max)),
      count,
    ),
    keepRequestsMs: read.number('keepRequestsMs', d.keepRequestsMs, { min: 1, max: 4_294_967_294_000 }),
    requestTimeoutMs: read.number('requestTimeoutMs', d.requestTimeoutMs, timer),
    shutdownTimeoutMs: read.number('shutdownTimeoutMs', d.shutdownTimeoutMs, timer),
    maxPayloadBytes: read.number('maxPayloadBytes', d.maxPayloadBytes, { min: 1, integer: true }),
    maxPendingRequests: read.number('maxPendingRequests', d.maxPendingRequests, { min: 1, integer: true }),
    logger,
    observers: readObservers(read, { wire, logger }),
  };
  read.rejectUnknown();
  return resolved;
}
