const waitingOn = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back once when the signal aborts. Never calls back for a signal that is undefined or already aborted: check
 * `signal.aborted` first. Any number of callers may wait for one signal: they share one listener, because Node warns of a
 * leak from the eleventh listener on. Returns a function that cancels the wait; the signal then keeps no reference to it.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal || signal.aborted) return NOTHING_TO_TAKE_BACK;
  const waiting = waitingOn.get(signal) ?? listenTo(signal);
  // A new function for each call, so that a callback given twice can be cancelled one call at a time.
  const entry = (): void => callback();
  waiting.add(entry);
  return () => {
    waiting.delete(entry);
    if (waiting.size === 0 && waitingOn.get(signal) === waiting) stopListening(signal);
  };
}

const NOTHING_TO_TAKE_BACK = (): void => {};

function listenTo(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  waitingOn.set(signal, waiting);
  signal.addEventListener('abort', tellAll, { once: true });
  return waiting;
}

function stopListening(signal: AbortSignal): void {
  waitingOn.delete(signal);
  signal.removeEventListener('abort', tellAll);
}

// One function for all signals, so that removing it needs no reference to a function of its own for each.
function tellAll(this: AbortSignal): void {
  const waiting = waitingOn.get(this);
  waitingOn.delete(this);
  for (const callback of waiting ?? []) callback();
}
