import type { IClientOptions } from 'mqtt';

type Timer = Exclude<NonNullable<IClientOptions['timerVariant']>, string>;

interface Interval {
  readonly tick: () => void;
  readonly everyMs: number;
  /** The page's own timer, as long as no worker has answered. */
  native: ReturnType<typeof setInterval> | undefined;
}

/** Runs in the worker. Each interval is confirmed at once, with `true`, so that the page knows that it ticks there. */
const WORKER_PROGRAM = `
const timers = new Map();
onmessage = ({ data: [id, everyMs] }) => {
  clearInterval(timers.get(id));
  timers.delete(id);
  if (everyMs === undefined) return;
  timers.set(id, setInterval(() => postMessage([id]), everyMs));
  postMessage([id, true]);
};`;

/**
 * Intervals that tick in time in a background tab too, where a page's own timers come once a minute: they run in a web worker.
 * Where there can be none, such as under a Content-Security-Policy without `worker-src blob:` or with trusted types, and until
 * the worker has answered, the page's own timers tick. A policy says so in an event at best, and on some pages nothing says it:
 * only the answer of the worker is believed.
 */
export class KeepAliveTimer implements Timer {
  readonly #intervals = new Map<number, Interval>();
  #worker: Worker | undefined;
  /** Tried once for each page: each try that a policy forbids is reported to whoever wrote the policy. */
  #forbidden = false;
  #lastId = 0;

  set(tick: () => void, everyMs: number): number {
    const id = ++this.#lastId;
    this.#intervals.set(id, { tick, everyMs, native: setInterval(tick, everyMs) });
    this.#worker ??= this.#startWorker();
    this.#worker?.postMessage([id, everyMs]);
    return id;
  }

  clear(id: unknown): void {
    const interval = this.#intervals.get(id as number);
    if (!interval) return;
    clearInterval(interval.native);
    this.#intervals.delete(id as number);
    this.#worker?.postMessage([id]);
    // An interval that is cleared is often set again at once.
    queueMicrotask(() => {
      if (this.#intervals.size === 0) this.#endWorker();
    });
  }

  #startWorker(): Worker | undefined {
    if (this.#forbidden) return undefined;
    let url: string | undefined;
    try {
      url = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: 'text/javascript' }));
      const worker = new Worker(url);
      worker.onmessage = ({ data: [id, confirmed] }) => {
        // It is loaded; some browsers look for it late.
        URL.revokeObjectURL(url as string);
        this.#heard(id, confirmed);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        URL.revokeObjectURL(url as string);
        if (this.#worker === worker) this.#forbid();
      };
      return worker;
    } catch {
      if (url !== undefined) URL.revokeObjectURL(url);
      this.#forbidden = true;
      return undefined;
    }
  }

  #heard(id: number, confirmed: boolean | undefined): void {
    const interval = this.#intervals.get(id);
    if (!interval) return;
    if (!confirmed) {
      interval.tick();
      return;
    }
    clearInterval(interval.native);
    interval.native = undefined;
  }

  /** The worker failed: the page's own timers go on. */
  #forbid(): void {
    this.#forbidden = true;
    this.#endWorker();
    for (const interval of this.#intervals.values()) {
      interval.native ??= setInterval(interval.tick, interval.everyMs);
    }
  }

  #endWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

const inBackgroundToo = new KeepAliveTimer();

/** What mqtt.js keeps a connection alive with. Where a policy forbids its own workers, they never call back. */
export function keepAliveTimer(variant: 'auto' | 'worker' | 'native'): Timer | 'native' {
  // A browser slows down pages, and not what is in a worker already.
  const slowedDown = typeof document === 'object' && typeof Worker === 'function';
  return variant === 'worker' || (variant === 'auto' && slowedDown) ? inBackgroundToo : 'native';
}
