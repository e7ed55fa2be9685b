/** One message that the broker expects to be acknowledged. */
export interface Slot {
  readonly messageId: number;
  /** How many receivers have not settled it. */
  open: number;
  /** True when a receiver did not handle it. It is then left to the broker, which sends it again on the next connection. */
  left: boolean;
}

/**
 * Acknowledges each message as soon as all its receivers are done with it. In the order of arrival, which MQTT 5 section 4.6
 * asks for, one long handler would hold up all later messages (docs/decisions/0006).
 */
export class Acknowledgements {
  readonly #send: (messageId: number) => void;

  constructor(send: (messageId: number) => void) {
    this.#send = send;
  }

  settle(slot: Slot, handled: boolean): void {
    slot.open--;
    if (!handled) slot.left = true;
    if (slot.open === 0 && !slot.left) this.#send(slot.messageId);
  }
}
