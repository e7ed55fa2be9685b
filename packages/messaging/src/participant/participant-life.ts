import { IllegalStateError, type Logger } from '@intersect-sdk/core';
import {
  abortSignal,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  untilAborted,
} from '@intersect-sdk/core/internal';
import type { Transport } from '@intersect-sdk/transport';
import type { BrokerConfig } from '@intersect-sdk/transport/endpoint';
import type { Requester } from '../ask/requester.js';
import type { BrokerGroup } from '../brokers/broker-group.js';
import { isTransport } from '../brokers/broker-sources.js';
import type { Reporter } from '../observe/report.js';
import type { NextTold } from '../presence/next-told.js';

const STARTUP_OPTIONS = {
  /**
   * Ends the start; what was begun is undone. Of a call that joins a start under way it ends the wait alone.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** How a client or service is started. */
export interface StartupOptions extends Named, OptionsOf<typeof STARTUP_OPTIONS> {}

/** What a participant has and does between a startup and the shutdown that follows. */
export interface ParticipantRun {
  readonly brokers: BrokerGroup;
  readonly requester: Requester;
  readonly nextTold: NextTold;
  /** Resolves when there is nothing more to do; rejects when it can't go on. */
  readonly finished: Promise<void>;
  /** Resolves when everything is up. Does nothing more once the signal has aborted. */
  begin(signal: AbortSignal): Promise<void>;
  /** Ends in order. Never rejects. */
  end(reason: string | undefined): Promise<void>;
  /** Undoes what an unsuccessful `begin` did. Never rejects. */
  abandon(): Promise<void>;
}

export interface LifeOptions<Run> {
  /** For sentences. */
  readonly kind: 'client' | 'service';
  /** A transport for each broker, or the plain configuration that one is made of at the first start. */
  readonly brokers: readonly (Transport | BrokerConfig)[];
  /** Passed in, because browsers need a different one. */
  readonly transportFor: (config: BrokerConfig) => Promise<Transport>;
  /** Done at each start before the run is made; what it throws ends the start. */
  readonly prepare: () => Promise<void>;
  readonly logger: Logger;
  readonly report?: Reporter | undefined;
  /** Makes what the next start brings up. */
  readonly newRun: (transports: readonly Transport[]) => Run;
}

/** `failed`: started, and no broker can be used any more; only a shutdown and a new start can help. */
export type ParticipantState = 'stopped' | 'starting' | 'running' | 'failed' | 'stopping';

/** What ends by itself has done so by then. */
const KEPT_ALIVE_AFTER_MS = 2_000;

/** The life of one participant: starting, giving up while it starts, ending in order, and starting again. */
export class ParticipantLife<Run extends ParticipantRun> {
  readonly #options: LifeOptions<Run>;
  /** Kept across runs: a broker that is plain configuration gets its transport at the first start. */
  #transports: readonly Transport[] | undefined;
  #run: Run | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Ends a start under way. */
  #giveUp = new AbortController();
  /** The end of the last run, also when that is over. */
  #finished: Promise<void> | undefined;
  #endedUnrecoverable = false;
  #living = new AbortController();

  constructor(options: LifeOptions<Run>) {
    this.#options = options;
  }

  /** What runs now. Throws NOT_CONNECTED where nothing does. */
  get running(): Run {
    if (this.#run) return this.#run;
    throw this.#notStarted();
  }

  get runIfAny(): Run | undefined {
    return this.#run;
  }

  get state(): ParticipantState {
    if (this.#stopping !== undefined) return 'stopping';
    if (this.#starting !== undefined) return 'starting';
    if (!this.#run) return 'stopped';
    return this.unrecoverable ? 'failed' : 'running';
  }

  /** Aborts when it begins to end, or can't go on; another one after each start. */
  get signal(): AbortSignal {
    return this.#living.signal;
  }

  /** Reports, if the process lives on for a while, that something keeps it alive. Keeps nothing alive itself. */
  reportIfKeptAlive(): void {
    const { kind, report } = this.#options;
    const message = [
      `The ${kind} has ended, but something keeps the process alive: a timer, a connection or a server.`,
      `Have it end with the ${kind}, e.g. by ${kind}.signal.`,
    ].join(' ');
    const timer: { unref?(): void } & ReturnType<typeof setTimeout> = setTimeout(
      () => report?.({ kind: 'process-kept-alive', message }),
      KEPT_ALIVE_AFTER_MS,
    );
    timer.unref?.();
  }

  get unrecoverable(): boolean {
    return this.#run?.brokers.unrecoverable ?? this.#endedUnrecoverable;
  }

  /** One that joins a start under way waits for it; its own signal ends this wait alone. */
  async start(options: StartupOptions): Promise<void> {
    const { kind } = this.#options;
    const { signal } = readOptions(`The ${kind} cannot be started`, options, (fields) =>
      readTable(fields, STARTUP_OPTIONS),
    );
    if (this.#starting !== undefined) return untilAborted(this.#starting, `Starting the ${kind}`, signal);
    this.#starting = this.#start(signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  stop(reason: string | undefined): Promise<void> {
    this.#giveUp.abort();
    this.#living.abort();
    this.#stopping ??= this.#stop(reason).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** The end of the last start. Throws NOT_CONNECTED before the first. */
  async untilFinished(): Promise<void> {
    if (!this.#finished) throw this.#notStarted();
    await this.#finished;
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    const { kind } = this.#options;
    const giveUp = new AbortController();
    this.#giveUp = giveUp;
    await this.#stopping;
    if (this.#run) return;
    this.#endedUnrecoverable = false;
    if (this.#living.signal.aborted) this.#living = new AbortController();
    const living = this.#living;
    const aborted = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
    try {
      await untilAborted(this.#begin(aborted, living), `Starting the ${kind}`, aborted);
    } catch (error) {
      await this.#leave((run) => run.abandon());
      if (!giveUp.signal.aborted) throw error;
      const text = `The ${kind} was shut down while it was starting.`;
      throw new IllegalStateError('DRAINING', text, { cause: error });
    }
  }

  async #begin(signal: AbortSignal, living: AbortController): Promise<void> {
    const [transports] = await Promise.all([this.#makeTransports(), this.#options.prepare()]);
    if (signal.aborted) return;
    const run = this.#options.newRun(transports);
    this.#run = run;
    this.#finished = run.finished;
    // Whoever asks `untilFinished()` gets it; it need not be asked.
    run.finished.catch(() => living.abort());
    await run.begin(signal);
  }

  async #makeTransports(): Promise<readonly Transport[]> {
    const { brokers, transportFor } = this.#options;
    this.#transports ??= await Promise.all(
      brokers.map((broker) => {
        if (!isTransport(broker)) return transportFor(broker);
        return broker.isShared ? broker.fresh() : broker;
      }),
    );
    // `closed` is the end of a transport, so that starting again takes a new one with the same options.
    this.#transports = this.#transports.map((transport) =>
      transport.state.kind === 'closed' ? transport.fresh() : transport,
    );
    return this.#transports;
  }

  async #stop(reason: string | undefined): Promise<void> {
    // A start under way was told to give up; it ends what it began.
    await this.#starting?.catch(() => {});
    await this.#leave((run) => {
      const { kind, logger } = this.#options;
      logger.info({ reason }, `${kind} shuts down`);
      return run.end(reason);
    });
  }

  async #leave(end: (run: Run) => Promise<void>): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.#endedUnrecoverable = run.brokers.unrecoverable;
    await end(run);
    this.#run = undefined;
  }

  #notStarted(): IllegalStateError {
    const { kind } = this.#options;
    const text = `The ${kind} is not started: await ${kind}.startup() first.`;
    return new IllegalStateError('NOT_CONNECTED', text);
  }
}
