import { ConfigError, type Issue, type Logger, silentLogger } from '@intersect-sdk/core';

/** Ceilings that keep one client from taking the broker down. Each has a default and writes a log line when hit. */
export interface DevBrokerLimits {
  /** Clients connected at one time; one more is refused with 0x97. @default 1000 */
  readonly connections: number;
  /** Sessions, those of clients that are away included; one more is refused with 0x97. @default 10000 */
  readonly sessions: number;
  /** Size of a whole packet, announced to clients; a larger one ends its connection with 0x95. @default 16777216 */
  readonly packetBytes: number;
  /** Messages held for one session, sent and unacknowledged ones included; more are dropped. @default 50000 */
  readonly queuedMessages: number;
  /** Bytes of messages held for one session; more are dropped. @default 134217728 */
  readonly queuedBytes: number;
  /** Subscriptions of one session; one more gets 0x97 in SUBACK. @default 10000 */
  readonly subscriptions: number;
  /** Retained messages; one for a new topic is refused with 0x97. @default 10000 */
  readonly retainedMessages: number;
  /** Unreleased QoS 2 messages from one client, announced to it; more end its connection with 0x93. @default 65535 */
  readonly receiveMaximum: number;
  /** Topic aliases of one client, announced to it. @default 16 */
  readonly topicAliases: number;
  /** Time from the open socket to CONNECT; a slower one is cut off. @default 10000 */
  readonly connectTimeoutMs: number;
}

/** What holds unless `limits` says otherwise. */
export const DEV_BROKER_LIMITS: DevBrokerLimits = {
  connections: 1000,
  sessions: 10_000,
  packetBytes: 16 * 1024 * 1024,
  queuedMessages: 50_000,
  queuedBytes: 128 * 1024 * 1024,
  subscriptions: 10_000,
  retainedMessages: 10_000,
  receiveMaximum: 0xffff,
  topicAliases: 16,
  connectTimeoutMs: 10_000,
};

const LIMIT_CEILINGS: Partial<Record<keyof DevBrokerLimits, number>> = {
  packetBytes: 268_435_460,
  receiveMaximum: 0xffff,
  topicAliases: 0xffff,
  connectTimeoutMs: 0x7fff_ffff,
};

/** Everything is optional; what is invalid is reported all at once. */
export interface DevBrokerOptions {
  /** Address to listen on. Only this machine can connect unless another is given. @default '127.0.0.1' */
  readonly host?: string;
  /** TCP port; 0 takes any free one. @default 1883 */
  readonly port?: number;
  /** WebSocket port; 0 takes any free one. Absent: no WebSocket. Any path is accepted. */
  readonly webSocketPort?: number;
  /** @default 'intersect_username' */
  readonly username?: string;
  /** @default 'intersect_password' */
  readonly password?: string;
  /**
   * Origins of web pages that may connect over WebSocket, as `https://lab.example`, or `'*'` for all. Programs
   * that send no origin always may. @default pages from this machine: `localhost`, `127.0.0.1` and `[::1]`
   */
  readonly origins?: readonly string[];
  /** Replaces single limits; the others keep their defaults. */
  readonly limits?: Partial<DevBrokerLimits>;
  /** Where the broker reports what it does. It logs no payload and no password. Absent: nothing is logged. */
  readonly logger?: Logger;
}

export interface ResolvedDevBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly webSocketPort: number | undefined;
  readonly username: string;
  readonly password: string;
  readonly origins: readonly string[] | undefined;
  readonly limits: DevBrokerLimits;
  readonly logger: Logger;
}

/** Fills in the defaults. @throws ConfigError with every problem at once. */
export function resolveDevBrokerOptions(input: DevBrokerOptions): ResolvedDevBrokerOptions {
  const issues: Issue[] = [];
  const check = (path: string, value: unknown, [low, high]: readonly [number, number]): void => {
    if (Number.isInteger(value) && Number(value) >= low && Number(value) <= high) return;
    issues.push({ path, message: `must be a whole number from ${low} to ${high}` });
  };
  const { host = '127.0.0.1', port = 1883, webSocketPort, origins } = input;
  const { username = 'intersect_username', password = 'intersect_password', logger = silentLogger } = input;
  check('port', port, [0, 0xffff]);
  if (webSocketPort !== undefined) {
    check('webSocketPort', webSocketPort, [0, 0xffff]);
    if (webSocketPort === port && port !== 0) {
      issues.push({ path: 'webSocketPort', message: 'must differ from port' });
    }
  }
  for (const [path, value] of Object.entries({ host, username, password })) {
    if (typeof value !== 'string' || value === '')
      issues.push({ path, message: 'must be a non-empty string' });
  }
  const limits = { ...DEV_BROKER_LIMITS };
  for (const [name, value] of Object.entries(input.limits ?? {})) {
    if (!(name in limits)) {
      issues.push({ path: `limits.${name}`, message: 'is not a limit of this broker' });
    } else if (value !== undefined) {
      const key = name as keyof DevBrokerLimits;
      const low = key === 'topicAliases' ? 0 : 1;
      check(`limits.${name}`, value, [low, LIMIT_CEILINGS[key] ?? Number.MAX_SAFE_INTEGER]);
      Object.assign(limits, { [key]: value });
    }
  }
  if (issues.length > 0) throw new ConfigError('The development broker has invalid options', issues);
  return { host, port, webSocketPort, username, password, origins, limits, logger };
}
