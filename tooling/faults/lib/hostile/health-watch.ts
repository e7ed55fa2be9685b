import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the heap in use once all garbage is collected, array buffers included. */
export function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Whether any object got what only hostile payloads name, or any of their code ran. */
export function isPolluted(): boolean {
  const probe: Record<string, unknown> = {};
  return 'polluted' in probe || 'text' in probe || 'hostileRan' in globalThis;
}

export interface Watch extends AsyncDisposable {
  /** The longest time for which nothing else could run, in ms. */
  longestPauseMs(): number;
}

export function watchEventLoop(): Watch {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  return {
    longestPauseMs: () => Math.round(longest),
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}

export interface Trap extends AsyncDisposable {
  readonly url: string;
  readonly visits: number;
}

/** A data store to which hostile pointers point; it must never be asked. */
export async function dataTrap(): Promise<Trap> {
  let visits = 0;
  const server = createServer((_, response) => response.end());
  server.on('connection', () => {
    visits += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get visits() {
      return visits;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
