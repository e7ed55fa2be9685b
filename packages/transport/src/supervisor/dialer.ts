import { isIntersectError, TransportError } from '@intersect-sdk/core';
import { delay } from '@intersect-sdk/core/internal';
import type { Link, LinkEvents, OpenOptions, TransportDriver } from '../driver.js';
import { waitMs } from './backoff.js';

export interface DialPlan extends OpenOptions {
  /** False: one attempt only. */
  readonly retry: boolean;
  /** True: wait before the first attempt too, as after a lost link. */
  readonly waitFirst: boolean;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Called before each attempt, and before its wait. */
  onAttempt(attempt: number, retryInMs: number, error: TransportError | undefined): void;
  /** Begins one attempt; `failAttempt` ends it when its link is lost before it was adopted. */
  begin(failAttempt: (error: TransportError) => void): DialAttempt;
}

export interface DialAttempt {
  readonly events: LinkEvents;
  /** Makes the new link usable and takes it over. The dialer does nothing with the link after that. */
  adopt(link: Link): Promise<void>;
}

/**
 * Tries until a link was adopted. The delay between attempts is random, below a maximum that doubles with each attempt
 * (full jitter) and starts small again with each call. Throws the last TransportError when it gives up: the fault does
 * not pass, `retry` is false, or the signal aborted.
 */
export async function dial(driver: TransportDriver, plan: DialPlan): Promise<void> {
  let error: TransportError | undefined;
  for (let attempt = 1; ; attempt++) {
    const retryInMs = waitBefore(attempt, plan);
    plan.onAttempt(attempt, retryInMs, error);
    if (retryInMs > 0) await delay(retryInMs, plan.signal);
    if (plan.signal.aborted) throw error ?? dialAborted(plan.signal);
    try {
      return await dialOnce(driver, plan);
    } catch (thrown) {
      error = asTransportError(thrown, driver.name);
      if (!error.retryable || !plan.retry || plan.signal.aborted) throw error;
    }
  }
}

async function dialOnce(driver: TransportDriver, plan: DialPlan): Promise<void> {
  let failAttempt!: (error: TransportError) => void;
  const lost = new Promise<never>((_, reject) => {
    failAttempt = reject;
  });
  lost.catch(() => {});
  const { events, adopt } = plan.begin(failAttempt);
  const link = await driver.open(events, { signal: plan.signal, session: plan.session });
  try {
    if (plan.signal.aborted) throw dialAborted(plan.signal);
    await Promise.race([adopt(link), lost]);
  } catch (thrown) {
    link.destroy();
    throw thrown;
  }
}

function waitBefore(attempt: number, plan: DialPlan): number {
  const waits = plan.waitFirst ? attempt : attempt - 1;
  return waits === 0 ? 0 : waitMs(waits, plan);
}

function dialAborted(signal: AbortSignal): TransportError {
  return new TransportError('ABORTED', 'Connecting was aborted.', { cause: signal.reason });
}

/** A driver should throw TransportErrors; anything else is taken for a fault that may pass. */
function asTransportError(thrown: unknown, name: string): TransportError {
  if (thrown instanceof TransportError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const code = isIntersectError(thrown) && !thrown.retryable ? 'PROTOCOL_REFUSED' : 'CONNECT_REFUSED';
  return new TransportError(code, `${name} could not connect: ${why}`, { cause: thrown });
}
