const waitingOn = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back once when the signal aborts; not at all when it has aborted already, or there is none. Any
 * number may wait for one signal: they share one listener, as Node warns of a leak from the eleventh on.
 * Returns a function that takes it back, after which the signal holds on to nothing.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal || signal.aborted) return NOTHING_TO_TAKE_BACK;
  const waiting = waitingOn.get(signal) ?? listenTo(signal);
  // An entry of its own, so that one function given twice is also taken back one at a time.
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

// One function for all signals, so that it can be removed again without being kept anywhere.
function tellAll(this: AbortSignal): void {
  const waiting = waitingOn.get(this);
  waitingOn.delete(this);
  for (const callback of waiting ?? []) callback();
}
