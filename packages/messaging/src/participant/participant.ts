import { atCaller, type Wire } from '@intersect-sdk/core/internal';
import { type DescribeOptions, describeService } from '../presence/describe.js';
import type { DescribedService } from '../presence/description.js';
import type { NextTold } from '../presence/next-told.js';
import { type Ping, type PingOptions, ping } from '../presence/ping.js';
import type { ParticipantLife, ParticipantRun, StartupOptions } from './participant-life.js';

const lives = new WeakMap<object, ParticipantLife<ParticipantRun>>();

/** For the loop that runs participants; undefined for what only starts and ends like one. */
export function lifeOf(participant: object): ParticipantLife<ParticipantRun> | undefined {
  return lives.get(participant);
}

export interface ParticipantFacts {
  readonly wire: Wire;
  /** How long others are waited for where nothing else is said. */
  readonly requestTimeoutMs: number;
}

/** What a client and a service have in common: how they start, end, and start again, on any number of brokers, and how they ask who is there. */
export abstract class Participant implements AsyncDisposable {
  readonly #life: ParticipantLife<ParticipantRun>;
  readonly #facts: ParticipantFacts;

  constructor(life: ParticipantLife<ParticipantRun>, facts: ParticipantFacts) {
    this.#life = life;
    this.#facts = facts;
    lives.set(this, life);
  }

  /**
   * Connects. Resolves when the brokers have confirmed every subscription and have the first messages; joins a start
   * under way. Can be called again after `shutdown()`. Throws the reason of the first refusal, ABORTED, DRAINING when
   * `shutdown()` came first, or IN_USE for a transport that another client or service uses; then nothing is left open.
   */
  async startup(options: StartupOptions = {}): Promise<this> {
    await atCaller(this.#life.start(options));
    return this;
  }

  /** Ends what is under way, in order, and disconnects; a start under way is given up. Idempotent. */
  async shutdown(reason?: string): Promise<this> {
    await this.#life.stop(reason);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /**
   * Aborts when it begins to end, or can't go on: for timers and whatever else is to end with it, which would keep the process alive.
   * Each start after an end has a new one.
   */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** True after startup while at least one broker is connected. */
  isConnected(): boolean {
    return this.#life.runIfAny?.brokers.connected ?? false;
  }

  /** True when no broker can be used any more and none will be without a new start. */
  consideredUnrecoverable(): boolean {
    return this.#life.unrecoverable;
  }

  /**
   * Resolves when there is nothing more to do (a callback said stop, for one) or `shutdown()` was called. Rejects when
   * it can't go on: a callback threw, or the connection has ended and only a new start can help. It is about the last
   * start; throws NOT_CONNECTED before the first.
   */
  untilFinished(): Promise<void> {
    return atCaller(this.#life.untilFinished());
  }

  /**
   * Whether a service is there: `up` when it answers, whatever it is made with and however busy a service of this SDK is; `silent` when no
   * answer comes in time, which also a busy service of the Python SDK does; `absent` when a broker says that nobody is there. Nothing is left
   * in a queue for a service that is gone. Throws ConfigError, REQUEST_ABORTED, NOT_CONNECTED, and REQUEST_TIMEOUT where no broker took it.
   */
  ping(address: string, options: PingOptions = {}): Promise<Ping> {
    const { wire } = this.#facts;
    return ping(address, options, { wire, requester: () => this.#life.running.requester });
  }

  /**
   * What a service can do and how it is: a service of this SDK says so when it is asked, at once. Of others the `sources` may know it, else
   * their next lifecycle message tells it, if that comes in time. The result says who told it and how old it is. Throws ConfigError,
   * UNROUTABLE where nobody is there and no source knows it, REQUEST_TIMEOUT, ABORTED, NOT_CONNECTED.
   */
  describe(address: string, options: DescribeOptions = {}): Promise<DescribedService> {
    const { wire, requestTimeoutMs: timeoutMs } = this.#facts;
    const place = {
      wire,
      timeoutMs,
      requester: () => this.#life.running.requester,
      nextTold: async (...about: Parameters<NextTold>) => this.#life.running.nextTold(...about),
    };
    return describeService(address, options, place);
  }
}
