type InTurn = (work: () => void) => void;

// Taken when this is loaded, so that a test's fake timers don't stop the turns.
const { setImmediate: immediate } = globalThis as { readonly setImmediate?: InTurn };

/**
 * Calls `work` in a turn of the event loop of its own, in the order of asking: all that one call brings about at once, what waits for
 * settled promises included, has happened before the next is called.
 */
export const inTurn: InTurn =
  immediate === undefined ? turnsByMessage() : (work) => void (immediate as InTurn)(work);

/** Resolves in a turn of its own. */
export function nextTurn(): Promise<void> {
  return new Promise(inTurn);
}

// Browsers have no setImmediate, and their timers are held up.
function turnsByMessage(): InTurn {
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return (work) => {
    waiting.push(work);
    port2.postMessage(undefined);
  };
}
