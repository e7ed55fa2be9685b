import type { Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';

/** What the loop runs: a client or a service. */
export interface Gateway {
  startup(options?: { readonly signal?: AbortSignal | undefined }): Promise<unknown>;
  shutdown(reason?: string): Promise<unknown>;
  isConnected(): boolean;
  consideredUnrecoverable(): boolean;
  /** Resolves when there is nothing more to do; rejects when it can't go on. */
  untilFinished(): Promise<void>;
}

export interface LifecycleLoopOptions<G extends Gateway> {
  /**
   * How often `waitingCallback` is called, in ms; a call that takes longer is not joined by a second one.
   * @default 30000
   */
  readonly delayMs?: number | undefined;
  /** Called once, after `startup()` resolved. */
  readonly postStartupCallback?: (() => void | Promise<void>) | undefined;
  /** Called every `delayMs` while the gateway runs. */
  readonly waitingCallback?: ((gateway: G) => void | Promise<void>) | undefined;
  /** Called when a signal of the operating system ends the loop, with its name; before `shutdown()`, if it was started. */
  readonly cleanupCallback?: ((signalName: string) => void | Promise<void>) | undefined;
  /** Ends the loop as a signal of the operating system does, without `cleanupCallback`. */
  readonly signal?: AbortSignal | undefined;
}

const SIGNAL_NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface SignalSource {
  on(name: string, listener: (name: string) => void): unknown;
  off(name: string, listener: (name: string) => void): unknown;
}

/**
 * Runs a client or service until it is done: starts it, waits, and shuts it down in order. Resolves
 * after an orderly end: SIGINT, SIGTERM or SIGHUP (where there are such), `signal`, a callback that said
 * stop; during the start too. Rejects with the error when startup fails, a callback throws, or the connection
 * ended for good; then too it is shut down first; ConfigError for options that can't be meant. After the first signal a second one ends the process as usual.
 */
export async function defaultIntersectLifecycleLoop<G extends Gateway>(
  gateway: G,
  options: LifecycleLoopOptions<G> = {},
): Promise<void> {
  const checked = checkOptions(options);
  const { postStartupCallback, cleanupCallback } = checked;
  const stop = listenForStop(checked.signal);
  const cleanUp = async (): Promise<void> => {
    // A second signal ends what does not end by itself.
    stop.remove();
    const name = stop.signalName();
    if (name !== undefined) await cleanupCallback?.(name);
  };
  try {
    await gateway.startup({ signal: stop.requested });
  } catch (error) {
    // Startup has undone what it began.
    if (stop.requested.aborted) return cleanUp();
    stop.remove();
    throw error;
  }
  try {
    await postStartupCallback?.();
    await runUntil(gateway, stop.requested, checked);
    await cleanUp();
  } finally {
    stop.remove();
    await gateway.shutdown('Application gracefully terminated.');
  }
}

function checkOptions<G extends Gateway>(input: LifecycleLoopOptions<G>): LifecycleLoopOptions<G> {
  const issues: Issue[] = [];
  const read = new FieldReader(input, issues);
  const options = {
    delayMs: read.number('delayMs', 30_000, { min: 1, max: 2_147_483_647 }),
    postStartupCallback: read.callback<() => void>('postStartupCallback'),
    waitingCallback: read.callback<(gateway: G) => void>('waitingCallback'),
    cleanupCallback: read.callback<(signalName: string) => void>('cleanupCallback'),
    signal: read.signal('signal'),
  };
  read.rejectUnknown();
  throwConfigError('The lifecycle loop cannot be run', issues);
  return options;
}

async function runUntil<G extends Gateway>(
  gateway: G,
  stopRequested: AbortSignal,
  { waitingCallback, delayMs = 30_000 }: LifecycleLoopOptions<G>,
): Promise<void> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const waitingFailed = new Promise<never>((_, reject) => {
    if (!waitingCallback) return;
    let busy = false;
    timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const called = Promise.resolve(gateway).then(waitingCallback);
      called.then(() => {
        busy = false;
      }, reject);
    }, delayMs);
  });
  try {
    await Promise.race([gateway.untilFinished(), aborted(stopRequested), waitingFailed]);
  } finally {
    clearInterval(timer);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
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
  const onAbort = (): void => stop.abort(signal?.reason);
  for (const name of SIGNAL_NAMES) source?.on?.(name, onSignal);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    requested: stop.signal,
    signalName: () => received,
    remove: () => {
      for (const name of SIGNAL_NAMES) source?.off?.(name, onSignal);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
