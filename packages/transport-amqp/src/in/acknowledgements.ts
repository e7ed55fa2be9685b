import type { Channel, ConsumeMessage } from 'amqplib';

export interface Grouping {
  /** How long a handled message may wait for others, in ms. 0: until the end of this turn of the event loop. */
  readonly withinMs: number;
  /** How many may wait at most. */
  readonly size: number;
}

/**
 * Acknowledges what was handled on one channel, several messages with one frame where their numbers allow it
 * (docs/decisions/0009). A message that is not handled yet is never acknowledged along with others.
 */
export class Acknowledgements {
  readonly #channel: Channel;
  readonly #grouping: Grouping;
  /** Delivered and not handled, in the order of delivery, so the first has the lowest number. */
  readonly #open = new Set<number>();
  #handled: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #ended = false;

  constructor(channel: Channel, grouping: Grouping) {
    this.#channel = channel;
    this.#grouping = grouping;
  }

  delivered(deliveryTag: number): void {
    this.#open.add(deliveryTag);
  }

  handled(deliveryTag: number): void {
    if (this.#ended) return;
    this.#open.delete(deliveryTag);
    this.#handled.push(deliveryTag);
    if (this.#handled.length >= this.#grouping.size) this.flush();
    else this.#schedule();
  }

  /** Acknowledges what waits. */
  flush(): void {
    this.#unschedule();
    const handled = this.#handled;
    if (handled.length === 0) return;
    this.#handled = [];
    const [lowestOpen = Number.POSITIVE_INFINITY] = this.#open;
    let upTo = 0;
    for (const deliveryTag of handled) {
      if (deliveryTag > lowestOpen) this.#acknowledge(deliveryTag, false);
      else if (deliveryTag > upTo) upTo = deliveryTag;
    }
    if (upTo > 0) this.#acknowledge(upTo, true);
  }

  /** The channel is gone: what waits comes again. */
  end(): void {
    this.#ended = true;
    this.#handled = [];
    this.#unschedule();
  }

  #acknowledge(deliveryTag: number, andAllBefore: boolean): void {
    // The number is all that amqplib looks at, and all that is kept of a message while it is handled.
    this.#channel.ack({ fields: { deliveryTag } } as ConsumeMessage, andAllBefore);
  }

  #schedule(): void {
    if (this.#timer || this.#immediate) return;
    const { withinMs } = this.#grouping;
    if (withinMs > 0) this.#timer = setTimeout(() => this.flush(), withinMs);
    else this.#immediate = setImmediate(() => this.flush());
  }

  #unschedule(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
  }
}
