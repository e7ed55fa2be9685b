/** The end of a run as a promise. Only the first call of `end` counts. */
export class Finish {
  readonly promise: Promise<void>;
  /** Without an error: there is nothing more to do. */
  readonly end: (error?: Error) => void;

  constructor() {
    let settle!: (error?: Error) => void;
    this.promise = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    this.end = settle;
  }
}
