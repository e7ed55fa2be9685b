import { Fifo } from './fifo.js';

/** What became of one message that the broker wants acknowledged. */
export interface Slot {
  readonly messageId: number;
  /** How many receivers have not settled it. */
  open: number;
  /** Not handled by someone: left to the broker, which sends it again on the next connection. */
  left: boolean;
}

/** Sends acknowledgements in the order in which the messages came, as MQTT asks (MQTT 5 section 4.6), however late each is handled. */
export class Acknowledgements {
  readonly #slots = new Fifo<Slot>();
  readonly #send: (messageId: number) => void;

  constructor(send: (messageId: number) => void) {
    this.#send = send;
  }

  /** Takes the place of a message that just came in. */
  expect(messageId: number): Slot {
    const slot: Slot = { messageId, open: 1, left: false };
    this.#slots.push(slot);
    return slot;
  }

  settle(slot: Slot, handled: boolean): void {
    slot.open--;
    if (!handled) slot.left = true;
    if (slot.open === 0) this.#flush();
  }

  /** Sends what is ready behind messages that will not be settled any more. */
  finish(): void {
    for (const slot of this.#slots.takeAll()) {
      if (slot.open === 0 && !slot.left) this.#send(slot.messageId);
    }
  }

  #flush(): void {
    for (let slot = this.#slots.peek(); slot && slot.open === 0; slot = this.#slots.peek()) {
      this.#slots.shift();
      if (!slot.left) this.#send(slot.messageId);
    }
  }
}
