/** The end of a run, for whoever waits for it. The first end counts. */
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
