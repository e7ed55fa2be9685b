import {
  abortSignal,
  callback,
  flag,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  onAbort,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';
import { lifeOf } from './participant.js';
import type { ShutdownOptions } from './shutdown-options.js';

/** What the loop runs: a client, a service, or what starts and ends like them. */
interface Startable {
  startup(options?: { readonly signal?: AbortSignal | undefined }): Promise<unknown>;
  shutdown(options?: string | ShutdownOptions): Promise<unknown>;
  isConnected(): boolean;
  consideredUnrecoverable(): boolean;
  /** Resolves when there is nothing more to do; rejects when it can't go on. */
  untilFinished(): Promise<void>;
}

const LIFECYCLE_LOOP_OPTIONS = {
  /**
   * How often `waitingCallback` is called, in ms; a call that takes longer is not joined by a second one.
   * @default 30000
   */
  delayMs: ms({ default: 30_000 }),
  /**
   * Called once, after `startup()` resolved.
   * @default nothing is called
   */
  postStartupCallback: callback<() => void | Promise<void>>(),
  /**
   * Called every `delayMs` while the participant runs, with the participant.
   * @default nothing is called
   */
  waitingCallback: callback<(participant: never) => void | Promise<void>>(),
  /**
   * Called when a signal of the operating system ends the loop, with its name; before `shutdown()`, if it was started.
   * @default nothing is called
   */
  cleanupCallback: callback<(signalName: string) => void | Promise<void>>(),
  /**
   * Remove at the end what brokers keep for a service while it is away, what waits there included: for one that will not come back.
   * @default false
   */
  forget: flag({ default: false }),
  /**
   * Ends the loop as a signal of the operating system does, without `cleanupCallback`.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** What the loop does besides starting, waiting and shutting down. */
export interface LifecycleLoopOptions<P extends Startable = Startable>
  extends Named,
    OptionsOf<typeof LIFECYCLE_LOOP_OPTIONS> {
  // Here, since a table can't say that it is given this very participant.
  readonly waitingCallback?: ((participant: P) => void | Promise<void>) | undefined;
}

const SIGNAL_NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface SignalSource {
  on(name: string, listener: (name: string) => void): unknown;
  off(name: string, listener: (name: string) => void): unknown;
}

/**
 * Runs a client or service until it is done: starts it, waits, and shuts it down in order. Resolves after an orderly
 * end, also during the start: by SIGINT, SIGTERM or SIGHUP (where the platform has them), by `signal`, or when a callback
 * said stop. Rejects with the error when startup fails, a callback throws, or the connection is closed by a fault that
 * does not pass; the participant is shut down first in that case too. Throws ConfigError for invalid options.
 * After the first signal, a second one ends the process at once.
 */
export async function defaultIntersectLifecycleLoop<P extends Startable>(
  participant: P,
  options: LifecycleLoopOptions<P> = {},
): Promise<void> {
  const { postStartupCallback, cleanupCallback, delayMs, forget, signal } = readOptions(
    'The lifecycle loop cannot be run',
    options,
    (fields) => readTable(fields, LIFECYCLE_LOOP_OPTIONS),
  );
  const { waitingCallback } = options;
  const stop = listenForStop(signal);
  const cleanUp = async (): Promise<void> => {
    // From here on a second signal ends the process, in case the shutdown hangs.
    stop.remove();
    const name = stop.signalName();
    if (name !== undefined) await cleanupCallback?.(name);
  };
  try {
    await participant.startup({ signal: stop.requested });
  } catch (error) {
    // Startup has undone what it began.
    if (stop.requested.aborted) return cleanUp();
    stop.remove();
    throw error;
  }
  try {
    await postStartupCallback?.();
    await runUntil(participant, stop.requested, { waitingCallback, delayMs });
    await cleanUp();
  } finally {
    stop.remove();
    const reason = 'Application gracefully terminated.';
    await participant.shutdown(forget ? { reason, forget } : reason);
    if (stop.signalName() !== undefined) lifeOf(participant)?.reportIfKeptAlive();
  }
}

interface Waiting<P extends Startable> extends Pick<LifecycleLoopOptions<P>, 'waitingCallback'> {
  readonly delayMs: number;
}

async function runUntil<P extends Startable>(
  participant: P,
  stopRequested: AbortSignal,
  { waitingCallback, delayMs }: Waiting<P>,
): Promise<void> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const waitingFailed = new Promise<never>((_, reject) => {
    if (!waitingCallback) return;
    let busy = false;
    timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const called = Promise.resolve(participant).then(waitingCallback);
      called.then(() => {
        busy = false;
      }, reject);
    }, delayMs);
  });
  try {
    await Promise.race([participant.untilFinished(), aborted(stopRequested), waitingFailed]);
  } finally {
    clearInterval(timer);
  }
}

/** Resolves, where `untilAborted` rejects: for a loop, to be told to stop is an orderly end. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else onAbort(signal, resolve);
  });
}

/** Waits for a signal of the operating system or of the caller. */
function listenForStop(signal: AbortSignal | undefined): {
  readonly requested: AbortSignal;
  signalName(): string | undefined;
  remove(): void;
} {
  // Absent in a browser, where only the caller's signal counts.
  const source = (globalThis as { process?: Partial<SignalSource> }).process;
  const stop = new AbortController();
  let received: string | undefined;
  const onSignal = (name: string): void => {
    received ??= name;
    stop.abort();
  };
  const passOn = (): void => stop.abort(signal?.reason);
  for (const name of SIGNAL_NAMES) source?.on?.(name, onSignal);
  if (signal?.aborted) passOn();
  const stopListening = onAbort(signal, passOn);
  return {
    requested: stop.signal,
    signalName: () => received,
    remove: () => {
      for (const name of SIGNAL_NAMES) source?.off?.(name, onSignal);
      stopListening();
    },
  };
}
