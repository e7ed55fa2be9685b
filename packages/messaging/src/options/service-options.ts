import {
  count,
  hierarchyRow,
  ms,
  type OptionsOf,
  type OptionTable,
  required,
  seconds,
} from '@intersect-sdk/core/internal';
import type { ParticipantOptions } from './participant-options.js';

/** What only services have. Not of this file alone: `config` reads the names in files by it. */
export const SERVICE_OPTIONS = {
  /**
   * Where the service stands: `organization`, `facility`, `system`, `subsystem` if there is one, and `service` make its address. Two services
   * must not share it.
   */
  hierarchy: required(hierarchyRow()),
  /**
   * How often the status is sent out, in s; at least 30, below 1500. The first time after 60 s or later.
   * @default 300
   */
  statusInterval: seconds({ default: 300, min: 30, below: 1500 }),
  /**
   * How many handlers run at once. One that waits for another service is not counted.
   * @default 32
   */
  concurrency: count({ default: 32, max: 65_535 }),
  /**
   * How many requests may be taken from each broker and not yet answered, those that wait included.
   * @default four times `concurrency`, at least 256
   */
  maxInFlight: count({ max: 65_535 }),
  /**
   * How long a broker keeps requests over MQTT while the service is down, in ms. AMQP keeps them for good.
   * @default 604800000 (7 days)
   */
  keepRequestsMs: ms({ default: 7 * 24 * 3_600_000, max: 4_294_967_294_000 }),
} satisfies OptionTable;

/** How a service is set up. All but `hierarchy` and `brokers` may be left out. */
export interface IntersectServiceConfig extends ParticipantOptions, OptionsOf<typeof SERVICE_OPTIONS> {}
