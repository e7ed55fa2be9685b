import type { WaitingPlaces } from './limits/waiting-places.js';
import type { Start } from './start.js';

/** How a request came in. */
export class Arrival {
  /** On the clock of `performance.now()`, which nobody sets. */
  readonly atMs: number = performance.now();
  /** Those at the broker that it came from. */
  readonly waiting: WaitingPlaces | undefined;
  /** Of a request that is acknowledged when its handler begins; known as soon as the request is taken. */
  start: Start | undefined;

  constructor(waiting?: WaitingPlaces) {
    this.waiting = waiting;
  }
}
