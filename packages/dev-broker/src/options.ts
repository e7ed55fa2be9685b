import {
  bytes,
  count,
  group,
  list,
  logger,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  port,
  type ResolvedOf,
  readOptions,
  readTable,
  text,
} from '@intersect-sdk/core/internal';

const DEV_BROKER_LIMIT_OPTIONS = {
  /**
   * How many clients may be connected at one time; one more is refused with 0x97.
   * @default 1000
   */
  connections: count({ default: 1000 }),
  /**
   * How many sessions there may be, those of clients that are away included; a new client is refused with 0x97.
   * @default 10000
   */
  sessions: count({ default: 10_000 }),
  /**
   * The size of a whole packet, in bytes, announced as Maximum Packet Size; a larger one ends its connection with 0x95.
   * @default 16777216 (16 MiB)
   */
  packetBytes: bytes({ default: 16 * 1024 * 1024, max: 268_435_460 }),
  /**
   * The size of a CONNECT packet with its will, in bytes; a larger one is refused with 0x95. What comes
   * before it was accepted is no larger.
   * @default 65536 (64 KiB)
   */
  connectBytes: bytes({ default: 64 * 1024, max: 268_435_460 }),
  /**
   * How many sockets may be open whose CONNECT was not accepted yet; for one more the one that waits longest is closed.
   * @default 100
   */
  waitingSockets: count({ default: 100 }),
  /**
   * What is held for all clients together, in bytes: messages that wait, retained ones, wills,
   * subscriptions, and what sockets have not taken yet. What does not fit is refused with 0x97, or dropped
   * where the protocol has no way to refuse it.
   * @default 268435456 (256 MiB)
   */
  heldBytes: bytes({ default: 256 * 1024 * 1024 }),
  /**
   * How many messages are held for one session, those sent and not yet acknowledged included. More are dropped;
   * PUBACK says 0x97 if not one session could take the message.
   * @default 50000
   */
  queuedMessages: count({ default: 50_000 }),
  /**
   * The size of all messages that are held for one session, in bytes; more are dropped likewise.
   * @default 134217728 (128 MiB)
   */
  queuedBytes: bytes({ default: 128 * 1024 * 1024 }),
  /**
   * How many subscriptions one session may have; for one more SUBACK says 0x97.
   * @default 10000
   */
  subscriptions: count({ default: 10_000 }),
  /**
   * How many messages are retained; one for a new topic is refused with 0x97.
   * @default 10000
   */
  retainedMessages: count({ default: 10_000 }),
  /**
   * How many unreleased QoS 2 messages one client may have sent, announced to it; more end its connection with 0x93.
   * @default 65535
   */
  receiveMaximum: count({ default: 0xffff, max: 0xffff }),
  /**
   * How many topic aliases one client may use, announced to it; a higher one ends its connection with 0x94.
   * @default 16
   */
  topicAliases: count({ default: 16, min: 0, max: 0xffff }),
  /**
   * The time from the open socket to CONNECT, in ms; a slower client is cut off.
   * @default 10000
   */
  connectTimeoutMs: ms({ default: 10_000, integer: true }),
} satisfies OptionTable;

/** Ceilings that keep one client from taking the broker down. Each writes a warning to the log when it is hit. */
export interface DevBrokerLimits extends Named, OptionsOf<typeof DEV_BROKER_LIMIT_OPTIONS> {}
export interface ResolvedDevBrokerLimits extends Named, ResolvedOf<typeof DEV_BROKER_LIMIT_OPTIONS> {}

const DEV_BROKER_OPTIONS = {
  /**
   * The address to listen on. Only this machine can connect unless another is given.
   * @default '127.0.0.1'
   */
  host: text({ default: '127.0.0.1' }),
  /**
   * The port for MQTT over TCP; 0 takes any free one.
   * @default 1883
   */
  port: port({ default: 1883, min: 0 }),
  /**
   * The port for MQTT over WebSocket, on any path; 0 takes any free one.
   * @default no WebSocket
   */
  webSocketPort: port({ min: 0 }),
  /**
   * The user name that every client has to give.
   * @default 'intersect_username'
   */
  username: text({ default: 'intersect_username' }),
  /**
   * The password that every client has to give.
   * @default 'intersect_password'
   */
  password: text({ default: 'intersect_password' }),
  /**
   * Origins of web pages that may connect over WebSocket, as `https://lab.example`, or `'*'` for all. Programs
   * that send no origin always may.
   * @default pages from this machine: `localhost`, `127.0.0.1` and `[::1]`
   */
  origins: list(text()),
  /**
   * Replaces single ceilings of what clients can take; the others keep their defaults.
   * @default {}
   */
  limits: group<DevBrokerLimits, ResolvedDevBrokerLimits>(DEV_BROKER_LIMIT_OPTIONS, { default: {} }),
  /**
   * Where the broker reports what it does, shaped like pino's. It gets no payload and no password.
   * @default silent
   */
  logger: logger(),
} satisfies OptionTable;

/** Everything is optional; what is invalid is reported all at once. */
export interface DevBrokerOptions extends Named, OptionsOf<typeof DEV_BROKER_OPTIONS> {}
export interface ResolvedDevBrokerOptions extends Named, ResolvedOf<typeof DEV_BROKER_OPTIONS> {}

/** Fills in the defaults. @throws ConfigError with every problem at once. */
export function resolveDevBrokerOptions(input: DevBrokerOptions): ResolvedDevBrokerOptions {
  return readOptions('The development broker has invalid options', input, (fields) => {
    const options = readTable(fields, DEV_BROKER_OPTIONS);
    const { port, webSocketPort } = options;
    if (webSocketPort === port && port !== 0) fields.addIssue('webSocketPort', 'must differ from port');
    return options;
  });
}
