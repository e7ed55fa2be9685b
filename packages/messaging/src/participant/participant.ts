import { atCaller } from '@intersect-sdk/core/internal';
import type { ParticipantLife, ParticipantRun, StartupOptions } from './participant-life.js';
import { readShutdownOptions, type ShutdownOptions } from './shutdown-options.js';

const lives = new WeakMap<object, ParticipantLife<ParticipantRun>>();

/** For the loop that runs participants; undefined for what only starts and ends like one. */
export function lifeOf(participant: object): ParticipantLife<ParticipantRun> | undefined {
  return lives.get(participant);
}

/** What a client and a service have in common: how they start, end, and start again, on any number of brokers. */
export abstract class Participant implements AsyncDisposable {
  readonly #life: ParticipantLife<ParticipantRun>;

  constructor(life: ParticipantLife<ParticipantRun>) {
    this.#life = life;
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

  /**
   * Ends what is under way, in order, and disconnects; a start under way is given up. Idempotent. A text is the reason. Throws ConfigError
   * for options that can't be meant, before anything is ended.
   */
  async shutdown(options?: string | ShutdownOptions): Promise<this> {
    await this.#life.stop(readShutdownOptions(options));
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
}
