import { type DataStores, type Hierarchy, type Issue, type Logger, newId } from '@intersect-sdk/core';
import {
  checkDataStores,
  FieldReader,
  readLogger,
  throwConfigError,
  type Wire,
  wireOf,
} from '@intersect-sdk/core/internal';
import {
  type CheckMode,
  checkBrokerList,
  isTransport,
  MAX_PAYLOAD_BYTES,
  MAX_PENDING_REQUESTS,
  type Observer,
  type Observers,
  type ReportListener,
  type RetryOptions,
  readCheckMode,
  readObservers,
  readRetry,
} from '@intersect-sdk/messaging';
import { type BrokerConfig, checkBrokerConfig } from '@intersect-sdk/messaging/broker-config';
import type { Transport } from '@intersect-sdk/transport';
import { type CheckedCallback, checkCallback, type IntersectClientCallback } from './callbacks.js';

/** How a client is set up. All but `brokers` may be left out. */
export interface IntersectClientConfig {
  /** At least one: a transport, or the plain configuration of a broker. */
  readonly brokers: readonly (Transport | BrokerConfig)[];
  /** Checked and not used yet: a client of this version sends and takes all data in messages. @default [] */
  readonly dataStores?: DataStores | undefined;
  /** What to send and to listen to at startup. */
  readonly initialMessageEventConfig?: IntersectClientCallback | undefined;
  /**
   * Send the initial messages again when `startup()` is called after a `shutdown()`.
   * @default false
   */
  readonly resendInitialMessagesOnSecondaryStartup?: boolean | undefined;
  /**
   * Be finished as soon as a broker has the initial messages, without waiting for answers.
   * @default false
   */
  readonly terminateAfterInitialMessages?: boolean | undefined;
  /** @default 'tmp-' */
  readonly system?: string | undefined;
  /** @default 'tmp-' */
  readonly facility?: string | undefined;
  /** @default 'tmp-' */
  readonly organization?: string | undefined;
  /**
   * How long a request waits for its answer unless it says otherwise, in ms.
   * @default 300000
   */
  readonly requestTimeoutMs?: number | undefined;
  /** How a request is repeated that fails, unless it says otherwise itself. Without it, none is. */
  readonly retry?: RetryOptions | undefined;
  /**
   * What of a contract is checked by `client.capability(...)`, unless a call says otherwise.
   * @default 'request'
   */
  readonly check?: CheckMode | undefined;
  /**
   * How long brokers keep answers and events for this client while it is not connected, in ms.
   * @default 300000
   */
  readonly keepSessionMs?: number | undefined;
  /**
   * How long `shutdown()` waits for handlers and pending messages, in ms.
   * @default 10000
   */
  readonly shutdownTimeoutMs?: number | undefined;
  /**
   * The largest payload of an answer or event to take in, in bytes; a larger one is refused and reported.
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
  /** Told of everything that reached nobody or was refused, with its reason. */
  readonly onReport?: ReportListener | undefined;
  /** Who sees every message and every report, e.g. telemetry. None by default, which costs nothing. */
  readonly observers?: readonly Observer[] | undefined;
}

export interface ResolvedClientConfig {
  readonly wire: Wire;
  readonly brokers: readonly (Transport | BrokerConfig)[];
  readonly initial: CheckedCallback;
  readonly resendInitial: boolean;
  readonly terminateAfterInitial: boolean;
  /** The client's own address, new for each client. */
  readonly address: string;
  readonly requestTimeoutMs: number;
  readonly retry: RetryOptions | undefined;
  readonly check: CheckMode;
  readonly keepSessionMs: number;
  readonly shutdownTimeoutMs: number;
  readonly maxPayloadBytes: number;
  readonly maxPendingRequests: number;
  readonly logger: Logger;
  readonly observers: Observers;
}

/** What the constructor was given besides the configuration; the rules depend on which callbacks there are. */
export interface GivenCallbacks {
  readonly userCallback: unknown;
  readonly eventCallback: unknown;
}

const CLIENT_DEFAULTS = {
  requestTimeoutMs: 300_000,
  keepSessionMs: 300_000,
  shutdownTimeoutMs: 10_000,
  maxPayloadBytes: MAX_PAYLOAD_BYTES,
  maxPendingRequests: MAX_PENDING_REQUESTS,
} as const;

/** Checks and completes a client's configuration. Throws one ConfigError with every problem. */
export function resolveClientConfig(input: unknown, callbacks: GivenCallbacks): ResolvedClientConfig {
  const issues: Issue[] = [];
  const wire = wireOf(input);
  const read = new FieldReader(input, issues);
  const logger = readLogger(read);
  const d = CLIENT_DEFAULTS;
  const positive = { min: 1, max: 2_147_483_647 } as const;
  const brokers = checkBrokerList(read.raw('brokers'), issues).map((broker, index) =>
    isTransport(broker) ? broker : checkBrokerConfig(broker, issues, `brokers[${index}]`),
  );
  checkDataStores(read.raw('dataStores'), issues, 'dataStores');
  const initialInput = read.raw('initialMessageEventConfig');
  const resolved: ResolvedClientConfig = {
    wire,
    brokers,
    initial: checkCallback(initialInput ?? {}, { wire, issues, path: 'initialMessageEventConfig' }),
    resendInitial: read.boolean('resendInitialMessagesOnSecondaryStartup', false),
    terminateAfterInitial: read.boolean('terminateAfterInitialMessages', false),
    address: readAddress(read, wire),
    requestTimeoutMs: read.number('requestTimeoutMs', d.requestTimeoutMs, positive),
    retry: readRetry(read),
    check: readCheckMode(read),
    keepSessionMs: read.number('keepSessionMs', d.keepSessionMs, positive),
    shutdownTimeoutMs: read.number('shutdownTimeoutMs', d.shutdownTimeoutMs, positive),
    maxPayloadBytes: read.number('maxPayloadBytes', d.maxPayloadBytes, { min: 1, integer: true }),
    maxPendingRequests: read.number('maxPendingRequests', d.maxPendingRequests, { min: 1, integer: true }),
    logger,
    observers: readObservers(read, { wire, logger }),
  };
  read.rejectUnknown();
  checkCallbacks(callbacks, resolved, issues);
  throwConfigError('The client cannot be set up', issues);
  return resolved;
}

/** Each part that has to be given may be left out, and the last one is always new. */
function readAddress(read: FieldReader, wire: Wire): string {
  const given = wire.addressParts.filter(({ name, absent }) => absent === undefined && name !== 'service');
  const parts = given.map(({ name }) => [name, read.text(name, 'tmp-')] as const);
  const hierarchy = { ...Object.fromEntries(parts), service: `tmp-${newId()}` } as unknown as Hierarchy;
  wire.checkHierarchy(hierarchy, read.issues);
  return wire.addressOf(hierarchy);
}

/** A conversation by callbacks needs its callbacks and a first step; without callbacks nothing is asked. */
function checkCallbacks(callbacks: GivenCallbacks, config: ResolvedClientConfig, issues: Issue[]): void {
  for (const [path, callback] of Object.entries(callbacks)) {
    if (callback === undefined || callback === null || typeof callback === 'function') continue;
    issues.push({ path, message: 'must be a function' });
  }
  const { userCallback, eventCallback } = callbacks;
  const { initial, terminateAfterInitial } = config;
  const path = 'initialMessageEventConfig';
  const sends = initial.send.length > 0;
  const listens = initial.startListening.length > 0;
  // As in the reference: a client that only wants the events that its messages cause needs no userCallback.
  if (sends && !userCallback && !eventCallback && !terminateAfterInitial) {
    const message =
      'needs a userCallback, or nobody gets the answers; to wait for an answer use client.request()';
    issues.push({ path: `${path}.messagesToSend`, message });
  }
  if (listens && !eventCallback) {
    const message =
      'needs an eventCallback, or nobody gets the events; to read events in a loop use client.events()';
    issues.push({ path: `${path}.servicesToStartListeningForEvents`, message });
  }
  if (
    (userCallback || eventCallback) &&
    !sends &&
    !listens &&
    !terminateAfterInitial &&
    issues.length === 0
  ) {
    issues.push({
      path,
      message: 'must hold a first message or event: without one no callback is ever called',
    });
  }
}
