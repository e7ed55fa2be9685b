/** Ends something when the person stops it, or when its time is over, whichever comes first. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  /** The time runs from now on: what had to be waited for before is not counted. */
  start(): void;
}

export function timeLimit(ms: number | undefined, stopped: AbortSignal): TimeLimit {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: AbortSignal.any([stopped, over.signal]),
    start() {
      if (ms !== undefined) timer = setTimeout(() => over.abort(), ms);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
