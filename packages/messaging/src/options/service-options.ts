import {
  count,
  flag,
  hierarchyRow,
  ms,
  type OptionsOf,
  type OptionTable,
  oneOf,
  required,
  seconds,
  text,
} from '@intersect-sdk/core/internal';
import type { ParticipantOptions } from './participant-options.js';

/** The longest time after which RabbitMQ lets a queue expire: ten years. */
const LONGEST_EXPIRY_MS = 315_360_000_000;

/** What only services have. Not of this file alone: `config` reads the names in files by it. */
export const SERVICE_OPTIONS = {
  /**
   * Where the service stands: `organization`, `facility`, `system`, `subsystem` if there is one, and
   * `service` make its address. Two services must not share it.
   */
  hierarchy: required(hierarchyRow()),
  /**
   * How often the status is sent out, in s; at least 30, below 1500. The first time after 60 s or later.
   * @default 300
   */
  statusInterval: seconds({ default: 300, min: 30, below: 1500 }),
  /**
   * How many handlers of all capabilities run at once. One that waits for another service is not counted.
   * @default 32
   */
  concurrency: count({ default: 32, max: 65_535 }),
  /**
   * How many requests may be taken from each broker and not yet answered, those that wait included.
   * @default four times `concurrency`, at least 1024; with `replicas: true` as many as can be at work at once
   */
  maxInFlight: count({ max: 65_535 }),
  /**
   * True: one of several instances of this service, which share its requests. Each takes no more than it can work on at once, has a queue of
   * its own for answers, and tells STARTUP; SHUTDOWN is told by the last one. Needs AMQP, or a broker with shared subscriptions over MQTT. All
   * instances have to say it.
   * @default false
   */
  replicas: flag({ default: false }),
  /**
   * What this instance is called, with `replicas: true`: the same again after a restart takes up what a broker kept for it. Required over
   * MQTT, where a broker deals requests out to instances and keeps those of one that was killed for it alone.
   * @default a random one for each start of the program
   */
  instanceId: text({ pattern: /^[\w-]{1,64}$/, hint: "must have 1 to 64 letters, digits, '_' or '-'" }),
  /**
   * With `replicas: true`, where an event goes that the service listens to by `registerEvent`: to `one` of the instances, or to `each`. For
   * an instance alone a broker keeps events for 5 minutes, and not beyond its end.
   * @default 'one'
   */
  replicaEvents: oneOf(['one', 'each'], { default: 'one' }),
  /**
   * How long a broker keeps requests over MQTT while the service is down, in ms. AMQP keeps them without a limit of time.
   * @default 604800000 (7 days)
   */
  keepRequestsMs: ms({ default: 7 * 24 * 3_600_000, max: 4_294_967_294_000 }),
  /**
   * How long a broker keeps the events that this service listens to while it is down, in ms.
   * @default 604800000 (7 days)
   */
  keepEventsMs: ms({ default: 7 * 24 * 3_600_000, max: LONGEST_EXPIRY_MS, integer: true }),
  /**
   * How long an answer is sent again and again that the broker can't take for now (its queue is full, a node of a cluster is away), in ms.
   * After that it is reported and given up.
   * @default 300000
   */
  answerRetryMs: ms({ default: 300_000 }),
} satisfies OptionTable;

/** How a service is set up. All but `hierarchy` and `brokers` may be left out. */
export interface IntersectServiceConfig extends ParticipantOptions, OptionsOf<typeof SERVICE_OPTIONS> {}
