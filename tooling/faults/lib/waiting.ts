import { setTimeout as delay } from 'node:timers/promises';
import type { Transport, TransportState } from '@intersect-sdk/transport';
import { PATIENCE_MS } from '../../scripts/lib/patience.mjs';

/** Resolves with the transport's state as soon as it is of that kind; at once if it is now. */
export function stateIs<K extends TransportState['kind']>(
  transport: Transport,
  kind: K,
): Promise<Extract<TransportState, { readonly kind: K }>> {
  type Wanted = Extract<TransportState, { readonly kind: K }>;
  if (transport.state.kind === kind) return Promise.resolve(transport.state as Wanted);
  return new Promise((resolve) => {
    const stop = transport.onEvent((event) => {
      if (event.kind !== 'state' || event.state.kind !== kind) return;
      stop();
      resolve(event.state as Wanted);
    });
  });
}

/** Resolves when the condition holds. Throws after `withinMs`, with what it says. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}.`);
    await delay(5);
  }
}

/** A part of the experiment: the time that a fault, or a load, lasts. */
export function lasting(ms: number): Promise<void> {
  return delay(ms);
}
