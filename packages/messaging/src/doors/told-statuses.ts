import { IllegalStateError, type Integers, RequestError, type WireMessage } from '@intersect-sdk/core';
import { untilAborted, type Wire, within } from '@intersect-sdk/core/internal';
import type { Retention } from '@intersect-sdk/transport';
import { MAX_PAYLOAD_BYTES } from '../ask/intake-limits.js';
import type { BrokerGroup } from '../brokers/broker-group.js';
import { LostDigits } from '../observe/lost-digits.js';
import type { Observers } from '../observe/observers.js';
import { lifecycleHeadersOf, readTold } from '../presence/told-message.js';

interface ToldStatusesOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  readonly observers: Observers;
  readonly retention: Retention;
  /** A larger message is refused. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** What whole numbers beyond 2^53 become. @default 'number' */
  readonly integers?: Integers | undefined;
}

/** The statuses of a service, as its lifecycle message told them. */
export interface ToldStatuses {
  /** By the names of the capabilities; `null` where a status function failed or there is none. */
  readonly statuses: Readonly<Record<string, unknown>>;
  readonly messageId: string;
  /** On the clock of `performance.now()`. */
  readonly receivedAtMs: number;
}

export interface WaitingOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Service {
  /** Resolves when its first message came in. Rejects when the brokers refused the subscription, or at the end. */
  readonly first: Promise<ToldStatuses>;
  last: ToldStatuses | undefined;
}

/**
 * What services tell of their status by themselves, from a startup to the shutdown that follows. Nothing is listened to before somebody
 * wants to know it of a service; then the last message is remembered.
 */
export class ToldStatusListeners {
  readonly #options: ToldStatusesOptions;
  readonly #services = new Map<string, Service>();
  readonly #ended = new AbortController();
  readonly #lostDigits: LostDigits;

  constructor(options: ToldStatusesOptions) {
    this.#options = options;
    this.#lostDigits = new LostDigits(options.observers);
  }

  /**
   * The last message of a service that told its statuses; the first time, the next one. Throws
   * REQUEST_TIMEOUT, ABORTED and NOT_CONNECTED.
   */
  async last(address: string, { timeoutMs, signal }: WaitingOptions): Promise<ToldStatuses> {
    const service = this.#services.get(address) ?? this.#listen(address);
    if (service.last) return service.last;
    const first = untilAborted(service.first, `Waiting for the status of ${address}`, signal);
    return within(first, timeoutMs, () => {
      const text = [
        `${address} told no status within ${timeoutMs} ms.`,
        'Services tell it when they start and then in intervals, of 300 s unless they are set up otherwise.',
      ].join(' ');
      const about = { requestId: '', destination: address, operation: '', mayHaveRun: false };
      return new RequestError('REQUEST_TIMEOUT', text, about);
    });
  }

  /** Ends what waits. The subscriptions end with the connection. */
  end(): void {
    this.#ended.abort();
  }

  #listen(address: string): Service {
    const { wire, brokers, observers, retention } = this.#options;
    let tell!: (told: ToldStatuses) => void;
    let fail!: (error: unknown) => void;
    const first = new Promise<ToldStatuses>((resolve, reject) => {
      tell = resolve;
      fail = reject;
    });
    // Whoever asks again may wait longer than those who gave up.
    first.catch(() => {});
    const service: Service = { first, last: undefined };
    this.#services.set(address, service);
    this.#ended.signal.addEventListener('abort', () =>
      fail(new IllegalStateError('NOT_CONNECTED', `Shut down before ${address} told its status.`)),
    );
    brokers
      .subscribe(
        wire.lifecycleChannel(address),
        (message, { broker }) => {
          try {
            const told = this.#read(message);
            if (!told) return;
            service.last = told;
            tell(told);
          } catch (error) {
            const { channel } = message;
            observers.refused({ kind: 'message-refused', channel, broker: broker.name, error }, message);
          }
        },
        { retention, concurrency: 1, signal: this.#ended.signal },
      )
      .catch((error: unknown) => {
        this.#services.delete(address);
        fail(error);
      });
    return service;
  }

  /** Undefined for a message that tells no status. */
  #read(message: WireMessage): ToldStatuses | undefined {
    const { wire, integers, maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
    const headers = lifecycleHeadersOf(message, wire);
    const { lifecycleType, messageId } = headers;
    if (lifecycleType !== 'LCT_STARTUP' && lifecycleType !== 'LCT_POLLING') return undefined;
    const reading = { wire, integers, maxPayloadBytes, lostDigits: this.#lostDigits };
    const { statuses } = readTold(message, headers, reading);
    return { statuses, messageId, receivedAtMs: performance.now() };
  }
}
