import {
  bytes,
  callback,
  count,
  dataStores,
  list,
  logger,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  required,
} from '@intersect-sdk/core/internal';
import { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS } from '../ask/intake-limits.js';
import { brokerOrTransport } from '../brokers/broker-sources.js';
import { checkModeRow } from '../doors/check-mode.js';
import { observerRow } from '../observe/read-observers.js';
import type { ReportListener } from '../observe/report.js';

/** What clients and services share. Not of this file alone: `config` reads the names in files by it. */
export const PARTICIPANT_OPTIONS = {
  /**
   * Transports, or plain configurations of brokers:
   * `{ protocol: 'mqtt5.0', host, port, username, password }`. At least one. With several, a message goes to
   * one that can route it; what comes in comes from all, each once.
   */
  brokers: required(
    list(brokerOrTransport(), { empty: 'must name at least one broker', variable: 'INTERSECT_BROKER_URL' }),
  ),
  /**
   * For the data handler `MINIO`, which clients of this version don't have: a list of data stores. A
   * service puts answers and events into the first, and requests are read from all. The plain values of a
   * configuration file are taken too, so that one file serves every SDK; this version can't make stores of
   * them by itself.
   * @default []
   */
  dataStores: dataStores(),
  /**
   * How long a request to a service waits for its answer unless it says otherwise, in ms.
   * @default 300000
   */
  requestTimeoutMs: ms({ default: 300_000 }),
  /**
   * How long `shutdown()` waits for running handlers and pending messages, in ms.
   * @default 10000
   */
  shutdownTimeoutMs: ms({ default: 10_000 }),
  /**
   * The largest payload to take in, in bytes. A larger one is not read: a request is answered with an
   * error, a larger answer ends its request with PAYLOAD_INVALID, an event is refused. Each is reported.
   * @default 16777216 (16 MiB)
   */
  maxPayloadBytes: bytes({ default: MAX_PAYLOAD_BYTES }),
  /**
   * How many requests to services may wait for their answers at once; one more rejects with PENDING_FULL.
   * @default 20000
   */
  maxPendingRequests: count({ default: MAX_PENDING_REQUESTS }),
  /**
   * What `capability(...)` checks of a contract, unless a call says otherwise: `request`, arguments before they are sent, which throw, and
   * what comes in, which is reported; `both`, what comes in throws too; `none`, nothing.
   * @default 'request'
   */
  check: checkModeRow('request'),
  /**
   * Where it writes what it does, shaped like pino's; `consoleLogger()` fits. It never gets a payload or a secret.
   * @default silent
   */
  logger: logger(),
  /**
   * Told of everything that was refused, failed or reached no one, each with its `kind`, a `message`, and a `code` and `issues` where there
   * are any. Never a payload.
   * @default nobody is told
   */
  onReport: callback<ReportListener>(),
  /**
   * Who sees every message that is sent, received, answered, refused or retried, and every report, e.g.
   * telemetry: objects with `onMessage`, `onReport` or both. The payload too with `payloads: true`.
   * @default none, which costs nothing
   */
  observers: list(observerRow()),
} satisfies OptionTable;

/** What the configurations of clients and services share. */
export interface ParticipantOptions extends Named, OptionsOf<typeof PARTICIPANT_OPTIONS> {}
