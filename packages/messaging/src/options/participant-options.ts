import {
  bytes,
  callback,
  count,
  dataStores,
  flag,
  list,
  logger,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  required,
} from '@intersect-sdk/core/internal';
import { MAX_DATA_BYTES, MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS } from '../ask/intake-limits.js';
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
   * Where data lie that travel by reference (data handler `MINIO`): a list of data stores. The program puts into the first and reads from all.
   * Or the plain values of a configuration file, of which `@intersect-sdk/data-store-s3` makes stores at startup.
   * @default []
   */
  dataStores: dataStores(),
  /**
   * Payloads that are larger than that, in bytes, go through the first of the data stores by themselves, be they arguments, answers or events.
   * Who gets them needs the same store: a program without it, also of another SDK, can't read them.
   * @default none goes there by itself
   */
  offloadAboveBytes: bytes({ min: 0 }),
  /**
   * The largest data to take from a data store, or to gather from a stream, where the whole is held in memory, in bytes; larger ones fail with
   * DATA_TOO_LARGE. Data that are taken as a stream are not limited.
   * @default 67108864 (64 MiB)
   */
  maxDataBytes: bytes({ default: MAX_DATA_BYTES }),
  /**
   * Leave data in the data store once they were read, and arguments that no service got. Otherwise they are deleted then.
   * @default false
   */
  keepData: flag({ default: false }),
  /**
   * How long a request to a service waits for its answer unless it says otherwise, in ms. Without a request, a data store that is away is
   * waited for as long.
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
   * What a whole number is that comes in and is no safe integer of JavaScript, below -(2^53 - 1) or above 2^53 - 1, in answers, events,
   * arguments and told statuses: `number`, the nearest number, and a report `digits-lost` where that is another one; `bigint`, a bigint of
   * the same digits. Every other number is a number either way. Bigints that are sent are written as their digits, whatever this says.
   * @default 'number'
   */
  integers: oneOf(['number', 'bigint'], { default: 'number' }),
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
   * Who sees every message that is sent, received, answered, refused or retried, every report and every change of a
   * connection, and may send headers along and call handlers in a context of its own, e.g. `telemetry()`: objects with at least one of
   * `onMessage`, `onReport`, `onConnection`, `onDeparture` and `aroundWork`. The payload too with `payloads: true`.
   * @default none, which costs nothing
   */
  observers: list(observerRow()),
} satisfies OptionTable;

/** What the configurations of clients and services share. */
export interface ParticipantOptions extends Named, OptionsOf<typeof PARTICIPANT_OPTIONS> {}
