/**
 * How many requests of one broker that are acknowledged on start wait for their handlers. Each has a place in what the broker sends
 * without acknowledgement, which all operations of the service share.
 */
export class WaitingPlaces {
  readonly #limit: number;
  #waiting = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#waiting >= this.#limit;
  }

  /** Also beyond the limit: an asker that can't be told waits. */
  enter(): void {
    this.#waiting += 1;
  }

  leave(): void {
    this.#waiting -= 1;
  }
}
