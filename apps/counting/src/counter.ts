// A counter that counts up once a second while it runs. It knows nothing of INTERSECT.

export interface CounterState {
  count: number;
  counting: boolean;
}

export interface CounterReply {
  readonly state: CounterState;
  /** Whether the message changed anything. */
  readonly success: boolean;
}

export class Counter {
  readonly #state: CounterState = { count: 0, counting: false };
  #timer: NodeJS.Timeout | undefined;

  get state(): CounterState {
    return { ...this.#state };
  }

  start(): CounterReply {
    if (this.#state.counting) return { state: this.state, success: false };
    this.#state.counting = true;
    this.#state.count += 1;
    this.#timer = setInterval(() => {
      this.#state.count += 1;
    }, 1_000);
    return { state: this.state, success: true };
  }

  stop(): CounterReply {
    if (!this.#state.counting) return { state: this.state, success: false };
    clearInterval(this.#timer);
    this.#state.counting = false;
    return { state: this.state, success: true };
  }

  /** Gives the state before the reset. */
  reset(startAgain: boolean): CounterState {
    const before = this.state;
    this.stop();
    this.#state.count = 0;
    if (startAgain) this.start();
    return before;
  }
}
