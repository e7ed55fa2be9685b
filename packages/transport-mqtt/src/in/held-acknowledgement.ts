/**
 * Holds back the acknowledgement of the latest message until the next message, for `withinMs` at most; 0 holds nothing back. So
 * the queue at the broker does not become empty between answers. RabbitMQ rolls a durable queue's segment files whenever
 * the queue becomes empty (docs/decisions/0009).
 */
export class HeldAcknowledgement {
  readonly #send: (messageId: number) => void;
  readonly #withinMs: number;
  #held: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (messageId: number) => void, withinMs: number) {
    this.#send = send;
    this.#withinMs = withinMs;
  }

  acknowledge(messageId: number): void {
    if (this.#withinMs === 0) {
      this.#send(messageId);
      return;
    }
    this.#sendHeld();
    this.#held = messageId;
    this.#timer ??= setTimeout(() => this.flush(), this.#withinMs);
  }

  /** Sends what is held back. */
  flush(): void {
    this.#sendHeld();
    this.end();
  }

  /** The connection is gone: what is held back comes again. */
  end(): void {
    this.#held = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendHeld(): void {
    if (this.#held !== undefined) this.#send(this.#held);
  }
}
