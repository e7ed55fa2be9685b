/** What became of one message that the broker wants acknowledged. */
export interface Slot {
  readonly messageId: number;
  /** How many receivers have not settled it. */
  open: number;
  /** Not handled by someone: left to the broker, which sends it again on the next connection. */
  left: boolean;
}

/**
 * Acknowledges each message when all its receivers are done with it, whatever came before it: in the order of arrival,
 * as MQTT 5 section 4.6 has it, one long handler would hold up everything (docs/decisions/0006).
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
