import type { Issue, TransportError } from '@intersect-sdk/core';
import {
  abortSignal,
  callback,
  count,
  flag,
  group,
  LONGEST_TIMER_MS,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  type ResolvedOf,
  readNested,
  readOptions,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';

/** Where no timer of this program runs, but a broker counts. */
const AT_THE_BROKER = { max: Number.POSITIVE_INFINITY };

const SESSION_OPTIONS = {
  /** Unique among all programs at the broker; the same again after a restart takes the session over. */
  id: required(text()),
  /** How long the broker keeps the session without a connection, in ms. */
  keepForMs: required(ms({ min: 0, ...AT_THE_BROKER })),
  /** True: an orderly close leaves the session at the broker (services). False: close removes it (clients). */
  keepAfterClose: required(flag()),
} satisfies OptionTable;

/** Under which name, and for how long, the broker keeps subscriptions and undelivered messages between connections. */
export interface SessionOptions extends Named, OptionsOf<typeof SESSION_OPTIONS> {}
interface ResolvedSession extends Named, ResolvedOf<typeof SESSION_OPTIONS> {}

const CONNECT_OPTIONS = {
  /**
   * Ends the wait with ABORTED; where nobody else waits for the first connection, it is given up.
   * @default none
   */
  signal: abortSignal(),
  /**
   * True: keep trying, with backoff, until it works, the signal aborts or trying is hopeless. False: each host is tried once.
   * @default false
   */
  retry: flag({ default: false }),
  /**
   * The session at the broker. Only the first connect of a transport may set it.
   * @default a random id, kept for 60 s, removed by close
   */
  session: group<SessionOptions, ResolvedSession>(SESSION_OPTIONS),
} satisfies OptionTable;

/** How `connect` waits, and for what. */
export interface ConnectOptions extends Named, OptionsOf<typeof CONNECT_OPTIONS> {}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveConnectOptions(input: ConnectOptions) {
  return readOptions('The transport cannot be connected', input, (fields) =>
    readTable(fields, CONNECT_OPTIONS),
  );
}

const DRAIN_OPTIONS = {
  /**
   * After this time it closes regardless of what still runs, in ms.
   * @default 10000
   */
  timeoutMs: ms({ default: 10_000, min: 0 }),
} satisfies OptionTable;

/** How long `drain` waits. */
export interface DrainOptions extends Named, OptionsOf<typeof DRAIN_OPTIONS> {}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveDrainOptions(input: DrainOptions) {
  return readOptions('The transport cannot be drained', input, (fields) => readTable(fields, DRAIN_OPTIONS));
}

const PUBLISH_OPTIONS = {
  /**
   * The broker stores the message for subscribers that are away, and it is sent again after a lost connection.
   * @default true
   */
  durable: flag({ default: true }),
  /**
   * Reject with UNROUTABLE when the broker says that no one receives it.
   * @default false
   */
  mustRoute: flag({ default: false }),
  /**
   * How long to wait for the connection and the confirmation together, in ms.
   * @default 30000
   */
  timeoutMs: ms({ default: 30_000 }),
  /**
   * How long a broker keeps the message for a receiver that does not take it, in ms; then it is gone. MQTT counts whole seconds, so there it
   * is rounded up. A transport whose broker has no such time ignores it.
   * @default without an end
   */
  expiresAfterMs: ms(AT_THE_BROKER),
  /**
   * Ends the wait with ABORTED; the message may be on its way already.
   * @default none
   */
  signal: abortSignal(),
  /**
   * Asked before the message is sent again, and at `drain`, as long as it is pending: false gives it up with ABORTED.
   * @default always true
   */
  stillWanted: callback<() => boolean>(),
  /**
   * Called when the message is handed to a connection for the first time: from then on the broker may have it.
   * @default nobody is told
   */
  onHandedOver: callback<() => void>(),
  /**
   * What to do when the broker can't take the message for now (BROKER_BUSY). `wait`: send the same message again, with backoff, until
   * its time is over. `reject`: reject at once.
   * @default 'wait'
   */
  whenBusy: oneOf(['wait', 'reject'], { default: 'wait' }),
  /**
   * Called each time that the broker could not take the message and it will be sent again, with the number of that next try.
   * @default nobody is told
   */
  onBusy: callback<(error: TransportError, nextTry: number) => void>(),
} satisfies OptionTable;

/** How a message is published. */
export interface PublishOptions extends Named, OptionsOf<typeof PUBLISH_OPTIONS> {}

/** Says what is wrong with options that `isUsualPublish` refuses. */
export function checkPublishOptions(input: PublishOptions, issues: Issue[]): void {
  readNested({ value: input, path: '', issues }, (fields) => readTable(fields, PUBLISH_OPTIONS));
}

/** Without a prototype, so that only its own names are known. */
const KNOWN_OPTIONS: OptionTable = Object.assign(Object.create(null), PUBLISH_OPTIONS);

/** True when the options need no detailed check. Runs for every message, so it allocates nothing, which reading the table would. */
export function isUsualPublish(options: PublishOptions): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  for (const name in options) if (KNOWN_OPTIONS[name] === undefined) return false;
  const { timeoutMs, expiresAfterMs, signal, durable, mustRoute } = options;
  const { stillWanted, onHandedOver, whenBusy, onBusy } = options;
  return (
    (timeoutMs === undefined ||
      (typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= LONGEST_TIMER_MS)) &&
    (expiresAfterMs === undefined || (typeof expiresAfterMs === 'number' && expiresAfterMs >= 1)) &&
    (signal === undefined ||
      (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function')) &&
    (durable === undefined || typeof durable === 'boolean') &&
    (mustRoute === undefined || typeof mustRoute === 'boolean') &&
    (stillWanted === undefined || typeof stillWanted === 'function') &&
    (onHandedOver === undefined || typeof onHandedOver === 'function') &&
    (whenBusy === undefined || whenBusy === 'wait' || whenBusy === 'reject') &&
    (onBusy === undefined || typeof onBusy === 'function')
  );
}

const LISTENER_OPTIONS = {
  /** The listener's own address; the same again after a restart takes up what was kept. */
  address: required(text()),
  /** How long the broker goes on collecting while the listener is away, in ms. */
  keepForMs: required(ms(AT_THE_BROKER)),
} satisfies OptionTable;

/** Whose subscription it is, where several programs listen to one channel and each of them is to get every message. */
export interface Listener extends Named, OptionsOf<typeof LISTENER_OPTIONS> {}
interface ResolvedListener extends Named, ResolvedOf<typeof LISTENER_OPTIONS> {}

/**
 * How long the broker keeps collecting for a subscription:
 * `none` while connected only; `session` across lost connections until unsubscribed or closed;
 * `durable` without an end, even while the program is not running, under the name that protocol section 4 gives.
 */
export type Retention = 'none' | 'session' | 'durable';

const RETENTIONS: readonly Retention[] = ['none', 'session', 'durable'];

const SUBSCRIBE_OPTIONS = {
  /**
   * How long the broker keeps collecting: `none` while connected only; `session` across lost connections until unsubscribed or closed;
   * `durable` without an end, even while the program is not running.
   * @default 'none'
   */
  retention: oneOf(RETENTIONS, { default: 'none' }),
  /**
   * With retention `durable`: whose subscription it is.
   * @default none: all durable subscriptions of the channel share its messages
   */
  listener: group<Listener, ResolvedListener>(LISTENER_OPTIONS),
  /**
   * With retention `durable`: several instances of one program subscribe, each connected with a session id of its own, and each message
   * goes to one of them. For messages to this instance alone there is retention `session`. Where the transport's capability `sharing` is
   * `none`, it rejects with SUBSCRIBE_REFUSED.
   * @default false
   */
  shared: flag({ default: false }),
  /**
   * How many messages the handler may have at once. One also keeps their order.
   * @default 1
   */
  concurrency: count({ default: 1, max: 65_535 }),
  /**
   * Ends the wait with ABORTED, and the subscription with it.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** How a subscription is made. */
export interface SubscribeOptions extends Named, OptionsOf<typeof SUBSCRIBE_OPTIONS> {}

/** Fills in the defaults; every problem goes to `issues`. */
export function resolveSubscribeOptions(input: SubscribeOptions, issues: Issue[]) {
  return readNested({ value: input, path: '', issues }, (fields) => {
    const options = readTable(fields, SUBSCRIBE_OPTIONS);
    if (options.shared && options.retention !== 'durable') {
      fields.addIssue('shared', `goes with retention 'durable' alone`);
    }
    return options;
  });
}
