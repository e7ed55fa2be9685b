import type { WireMessage } from '@intersect-sdk/core';
import type { DeliveryInfo } from '@intersect-sdk/transport';

export interface Received {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
}

/** Keeps what arrives, in order, and lets a test wait for it. */
export class Inbox<T = Received> {
  readonly all: T[] = [];
  #waiters: { readonly count: number; readonly resolve: (all: T[]) => void }[] = [];

  push(item: T): void {
    this.all.push(item);
    for (const { count, resolve } of this.#waiters) if (this.all.length >= count) resolve(this.all);
    this.#waiters = this.#waiters.filter(({ count }) => this.all.length < count);
  }

  /** Resolves when at least so many have arrived since the start. */
  atLeast(count: number): Promise<T[]> {
    if (this.all.length >= count) return Promise.resolve(this.all);
    return new Promise((resolve) => this.#waiters.push({ count, resolve }));
  }
}
