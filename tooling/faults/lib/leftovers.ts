import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';

const KINDS = ['TCPSocketWrap', 'TLSWrap', 'TCPServerWrap', 'Timeout'] as const;

/** For the turns in which closed sockets go; nothing else in these tests ends so soon by itself. */
const PATIENCE_MS = 30_000;

export interface Handles {
  readonly sockets: number;
  readonly timers: number;
  /** Listeners on the process itself. */
  readonly listeners: number;
}

/** What keeps this process busy now. */
export function handles(): Handles {
  const open = process.getActiveResourcesInfo();
  const count = (kind: string): number => open.filter((one) => one === kind).length;
  return {
    sockets: count(KINDS[0]) + count(KINDS[1]) + count(KINDS[2]),
    timers: count(KINDS[3]),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

/** What is there more than before, once the handles of closed sockets had time to go: all zero if nothing was left behind. */
export async function leftSince(before: Handles): Promise<Handles> {
  const more = (): Handles => {
    const now = handles();
    return {
      sockets: Math.max(0, now.sockets - before.sockets),
      timers: Math.max(0, now.timers - before.timers),
      listeners: Math.max(0, now.listeners - before.listeners),
    };
  };
  let left = more();
  const end = performance.now() + PATIENCE_MS;
  while (left.sockets + left.timers + left.listeners > 0 && performance.now() < end) {
    await turn();
    left = more();
  }
  return left;
}

export const NOTHING: Handles = { sockets: 0, timers: 0, listeners: 0 };

/** The tests of the block leave no socket, timer or listener, which is checked after the last of them. */
export function expectNothingLeft(): void {
  let before: Handles;
  beforeAll(() => {
    before = handles();
  });
  afterAll(async () => {
    expect(await leftSince(before)).toEqual(NOTHING);
  });
}
