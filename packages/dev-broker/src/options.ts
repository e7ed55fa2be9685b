import type { Issue, Logger } from '@intersect-sdk/core';
import { FieldReader, type NumberRule, readLogger, throwConfigError } from '@intersect-sdk/core/internal';

/**
 * The ceilings that keep one client from taking the broker down, as they are unless `limits` says otherwise.
 * Each writes a log line when it is hit.
 */
export const DEV_BROKER_LIMITS = {
  /** Clients connected at one time; one more is refused with 0x97. */
  connections: 1000,
  /** Sessions, those of clients that are away included; one more is refused with 0x97. */
  sessions: 10_000,
  /** Size of a whole packet, announced to clients; a larger one ends its connection with 0x95. */
  packetBytes: 16 * 1024 * 1024,
  /** Messages held for one session, sent and unacknowledged ones included; more are dropped. */
  queuedMessages: 50_000,
  /** Bytes of messages held for one session; more are dropped. */
  queuedBytes: 128 * 1024 * 1024,
  /** Subscriptions of one session; one more gets 0x97 in SUBACK. */
  subscriptions: 10_000,
  /** Retained messages; one for a new topic is refused with 0x97. */
  retainedMessages: 10_000,
  /** Unreleased QoS 2 messages from one client, announced to it; more end its connection with 0x93. */
  receiveMaximum: 0xffff,
  /** Topic aliases of one client, announced to it. */
  topicAliases: 16,
  /** Time from the open socket to CONNECT; a slower one is cut off. */
  connectTimeoutMs: 10_000,
};

/** A ceiling for each of what clients can take; `DEV_BROKER_LIMITS` says what each means. */
export type DevBrokerLimits = Readonly<typeof DEV_BROKER_LIMITS>;

/** What MQTT and Node's timers allow, where that is less than any number. */
const LIMIT_RULES: Partial<Record<keyof DevBrokerLimits, NumberRule>> = {
  packetBytes: { max: 268_435_460 },
  receiveMaximum: { max: 0xffff },
  topicAliases: { min: 0, max: 0xffff },
  connectTimeoutMs: { max: 0x7fff_ffff },
};

/** Everything is optional; what is invalid is reported all at once. */
export interface DevBrokerOptions {
  /** Address to listen on. Only this machine can connect unless another is given. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** TCP port; 0 takes any free one. @default 1883 */
  readonly port?: number | undefined;
  /** WebSocket port; 0 takes any free one. Absent: no WebSocket. Any path is accepted. */
  readonly webSocketPort?: number | undefined;
  /** @default 'intersect_username' */
  readonly username?: string | undefined;
  /** @default 'intersect_password' */
  readonly password?: string | undefined;
  /**
   * Origins of web pages that may connect over WebSocket, as `https://lab.example`, or `'*'` for all. Programs
   * that send no origin always may. @default pages from this machine: `localhost`, `127.0.0.1` and `[::1]`
   */
  readonly origins?: readonly string[] | undefined;
  /** Replaces single limits; the others keep their defaults. */
  readonly limits?: Partial<DevBrokerLimits> | undefined;
  /** Where the broker reports what it does. It logs no payload and no password. Absent: nothing is logged. */
  readonly logger?: Logger | undefined;
}

export type ResolvedDevBrokerOptions = ReturnType<typeof resolveDevBrokerOptions>;

/** Fills in the defaults. @throws ConfigError with every problem at once. */
export function resolveDevBrokerOptions(input: DevBrokerOptions) {
  const issues: Issue[] = [];
  const read = new FieldReader(input, issues);
  const aPort = { integer: true, min: 0, max: 0xffff };
  const notEmpty = { minLength: 1 };
  const resolved = {
    host: read.text('host', '127.0.0.1', notEmpty),
    port: read.number('port', 1883, aPort),
    webSocketPort: read.number('webSocketPort', undefined, aPort),
    username: read.text('username', 'intersect_username', notEmpty),
    password: read.text('password', 'intersect_password', notEmpty),
    origins: read.raw('origins') as readonly string[] | undefined,
    limits: readLimits(read.raw('limits') ?? {}, issues),
    logger: readLogger(read),
  };
  read.rejectUnknown();
  if (resolved.webSocketPort === resolved.port && resolved.port !== 0) {
    read.addIssue('webSocketPort', 'must differ from port');
  }
  throwConfigError('The development broker has invalid options', issues);
  return resolved;
}

function readLimits(input: unknown, issues: Issue[]): DevBrokerLimits {
  const read = new FieldReader(input, issues, 'limits');
  const limits = { ...DEV_BROKER_LIMITS };
  for (const name of Object.keys(limits) as (keyof DevBrokerLimits)[]) {
    limits[name] = read.number(name, limits[name], { integer: true, min: 1, ...LIMIT_RULES[name] });
  }
  read.rejectUnknown();
  return limits;
}
