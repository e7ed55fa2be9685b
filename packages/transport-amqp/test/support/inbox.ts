import type { WireMessage } from '@intersect-sdk/core';
import type { DeliveryInfo } from '@intersect-sdk/transport';

export interface Received {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
}

/** Keeps what arrives, in order, and lets a test wait for it. */
export class Inbox<T = Received> {
  readonly all: T[] = [];
  #waiters: (() => boolean)[] = [];

  push(item: T): void {
    this.all.push(item);
    this.#waiters = this.#waiters.filter((done) => !done());
  }

  /** Resolves when at least so many have arrived since the start. */
  atLeast(count: number): Promise<T[]> {
    return this.#when(() => this.all.length >= count);
  }

  /** Resolves when one like this has arrived. */
  until(wanted: (item: T) => boolean): Promise<T[]> {
    return this.#when(() => this.all.some(wanted));
  }

  #when(reached: () => boolean): Promise<T[]> {
    return new Promise((resolve) => {
      const done = (): boolean => {
        if (!reached()) return false;
        resolve(this.all);
        return true;
      };
      if (!done()) this.#waiters.push(done);
    });
  }
}
