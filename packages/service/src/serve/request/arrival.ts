import type { WaitingPlaces } from '../limits/waiting-places.js';
import type { PartOutlet } from '../parts/part-sender.js';
import type { Start } from './start.js';

/** How a request came in. */
export class Arrival {
  /** On the clock of `performance.now()`, which nobody sets. */
  readonly atMs: number = performance.now();
  /** Those at the broker that it came from. */
  readonly waiting: WaitingPlaces | undefined;
  /** Of a request that is acknowledged when its handler begins; known as soon as the request is taken. */
  start: Start | undefined;

  /** By what it is remembered. */
  key = '';
  /** Where parts of its answer go out; undefined where its asker takes none. */
  readonly outlet: PartOutlet | undefined;

  constructor(waiting?: WaitingPlaces, outlet?: PartOutlet) {
    this.waiting = waiting;
    this.outlet = outlet;
  }
}
