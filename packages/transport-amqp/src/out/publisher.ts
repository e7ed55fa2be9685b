import { PublishError, type TransportError, type WireMessage } from '@intersect-sdk/core';
import { TransientMap, WorkCount } from '@intersect-sdk/core/internal';
import type { LinkPublishOptions, PublishOutcome } from '@intersect-sdk/transport';
import { type ConfirmChannel, IllegalOperationError, type Message } from 'amqplib';
import { routingKeyOf } from '../connection/topology.js';
import { lostError, messageOf, nackError, refusalOf, tooLong, unsendableError } from '../errors/errors.js';

export interface PublisherPlan {
  readonly exchange: string;
  /** `host:port`, for messages. */
  readonly at: string;
  openChannel(): Promise<ConfirmChannel>;
  /** The connection can't be used any more. */
  fail(error: TransportError): void;
}

interface Outgoing {
  readonly message: WireMessage;
  readonly durable: boolean;
  readonly expiresAfterMs: number | undefined;
  readonly routingKey: string;
  /** The broker gave it back: no queue takes it. */
  returned: boolean;
  resolve(outcome: PublishOutcome): void;
  reject(error: Error): void;
}

/** The header has this name in all versions of the protocol. */
const ID_HEADER = 'message_id';
/** A short string of AMQP has no room for more. */
const LONGEST_ID_BYTES = 255;
const LONGEST_EXPIRY_MS = 2 ** 32 - 1;
const ROUTED: PublishOutcome = { routed: 'yes' };
const NOT_ROUTED: PublishOutcome = { routed: 'no' };

/**
 * Everything that goes out: in the order of the calls, each confirmed by the broker. It writes nothing
 * while the broker asks for a pause or the socket can't keep up, and it takes a new channel when the broker
 * closed the old one because of one message.
 */
export class Publisher {
  readonly #plan: PublisherPlan;
  readonly #inFlight = new TransientMap<number, Outgoing>();
  #waiting: Outgoing[] = [];
  #sent = 0;
  #lastReturned = 0;
  /** Undefined while a new one is being opened. */
  #channel: ConfirmChannel | undefined;
  #full = false;
  #blocked = false;
  #ended: TransportError | undefined;
  /** Messages that are not settled yet. */
  readonly #unsettled = new WorkCount();
  // Messages in a row often have one channel.
  #lastChannel = '';
  #lastKey = '';
  /** Why nothing can be sent to the last channel, where that is so. */
  #lastProblem: string | undefined;

  constructor(plan: PublisherPlan, channel: ConfirmChannel) {
    this.#plan = plan;
    this.#use(channel);
  }

  publish(message: WireMessage, { durable, expiresAfterMs }: LinkPublishOptions): Promise<PublishOutcome> {
    return new Promise((resolve, reject) => {
      if (message.channel !== this.#lastChannel) {
        this.#lastChannel = message.channel;
        this.#lastKey = routingKeyOf(message.channel);
        this.#lastProblem = tooLong(message.channel, Buffer.byteLength(this.#lastKey));
      }
      const routingKey = this.#lastKey;
      const outgoing = { message, durable, expiresAfterMs, routingKey, returned: false, resolve, reject };
      if (this.#ended) return reject(this.#ended);
      if (this.#lastProblem) return reject(unsendable(this.#lastProblem));
      this.#unsettled.enter();
      if (this.#channel && !this.#full && !this.#blocked) this.#write(outgoing, this.#channel);
      else this.#waiting.push(outgoing);
    });
  }

  /** The broker asks for a pause, or says that it is over. */
  hold(blocked: boolean): void {
    this.#blocked = blocked;
    this.#writeWaiting();
  }

  /** Resolves when everything is settled. */
  idle(): Promise<void> {
    return this.#unsettled.idle();
  }

  /** The connection is lost: what is in flight will never be confirmed. */
  end(error: TransportError): void {
    this.#ended = error;
    this.#channel = undefined;
    const open = [...this.#inFlight.takeAll(), ...this.#waiting];
    this.#waiting = [];
    for (const outgoing of open) this.#reject(outgoing, error);
  }

  #use(channel: ConfirmChannel): void {
    this.#channel = channel;
    this.#full = false;
    channel.on('return', (message) => this.#onReturn(message));
    channel.on('drain', () => {
      if (channel !== this.#channel) return;
      this.#full = false;
      this.#writeWaiting();
    });
    channel.on('error', (error) => {
      if (channel === this.#channel) this.#onChannelError(error);
    });
    channel.on('close', () => {
      if (channel === this.#channel) this.#channel = undefined;
    });
    this.#writeWaiting();
  }

  #write(outgoing: Outgoing, channel: ConfirmChannel): void {
    const { payload, contentType, headers } = outgoing.message;
    const { expiresAfterMs } = outgoing;
    const content = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    const number = ++this.#sent;
    const properties = {
      headers,
      contentType: contentType === '' ? undefined : contentType,
      deliveryMode: outgoing.durable ? 2 : 1,
      mandatory: true,
      messageId: idOf(outgoing.message),
      expiration: expiresAfterMs === undefined ? undefined : String(wholeMs(expiresAfterMs)),
    };
    try {
      const onConfirm = (error: unknown): void => this.#onConfirm(number, error);
      // False is advice for the next message: this one is written all the same.
      this.#full = !channel.publish(
        this.#plan.exchange,
        outgoing.routingKey,
        content,
        properties as Parameters<ConfirmChannel['publish']>[3],
        onConfirm,
      );
      this.#inFlight.set(number, outgoing);
    } catch (error) {
      if (error instanceof IllegalOperationError) {
        // The connection is ending, and `end` will be called.
        this.#channel = undefined;
        this.#waiting.unshift(outgoing);
      } else {
        this.#reject(outgoing, unsendableError(error, outgoing.message.channel));
      }
    }
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let next = 0;
    while (this.#channel && !this.#full && !this.#blocked) {
      const outgoing = waiting[next];
      if (!outgoing) break;
      next++;
      this.#write(outgoing, this.#channel);
    }
    // What `#write` put back comes first.
    if (next < waiting.length) this.#waiting = this.#waiting.concat(waiting.slice(next));
  }

  /**
   * The broker gives messages back in the order in which they were sent, each before its confirmation. Which one it is, is told by
   * what came back: nothing is added to a message for that.
   */
  #onReturn({ fields, properties, content }: Message): void {
    for (let number = this.#lastReturned + 1; number <= this.#sent; number++) {
      const outgoing = this.#inFlight.get(number);
      if (outgoing?.routingKey !== fields.routingKey) continue;
      if (idOf(outgoing.message) !== properties.messageId || !content.equals(outgoing.message.payload))
        continue;
      this.#lastReturned = number;
      outgoing.returned = true;
      return;
    }
  }

  #onConfirm(number: number, error: unknown): void {
    const outgoing = this.#inFlight.get(number);
    // Any other error only says that the channel closed; what closed it settles the message.
    if (!outgoing || (error && messageOf(error) !== 'message nacked')) return;
    this.#inFlight.delete(number);
    if (error) {
      this.#reject(outgoing, nackError(outgoing.message.channel));
    } else {
      outgoing.resolve(outgoing.returned ? NOT_ROUTED : ROUTED);
      this.#unsettled.leave();
    }
  }

  #onChannelError(error: unknown): void {
    const refusal = refusalOf(error);
    const sent = this.#inFlight.values();
    const refused = new Set(
      sent.filter(({ routingKey, message }) =>
        refusal?.concerns({ routingKey, bytes: message.payload.byteLength }),
      ),
    );
    if (!refusal || refused.size === 0) {
      this.#plan.fail(lostError(error, this.#plan.at));
      return;
    }
    this.#channel = undefined;
    this.#inFlight.takeAll();
    const again: Outgoing[] = [];
    let unprocessed = false;
    for (const outgoing of sent) {
      outgoing.returned = false;
      if (refused.has(outgoing)) {
        unprocessed = true;
        this.#reject(outgoing, refusal.errorFor(outgoing.message.channel));
      } else if (outgoing.durable || unprocessed) {
        again.push(outgoing);
      } else {
        // It may have been delivered, so it must not be sent a second time.
        this.#reject(outgoing, lostError(error, this.#plan.at));
      }
    }
    this.#waiting = [...again, ...this.#waiting];
    this.#plan.openChannel().then(
      (channel) => {
        if (!this.#ended) this.#use(channel);
      },
      (cause: unknown) => this.#plan.fail(lostError(cause, this.#plan.at)),
    );
  }

  #reject(outgoing: Outgoing, error: Error): void {
    outgoing.reject(error);
    this.#unsettled.leave();
  }
}

/** The message's own id, which it has as a header: whoever traces messages, or tells doubles, by the property finds the same. */
function idOf({ headers }: WireMessage): string | undefined {
  const id = Object.hasOwn(headers, ID_HEADER) ? headers[ID_HEADER] : undefined;
  return id && Buffer.byteLength(id) <= LONGEST_ID_BYTES ? id : undefined;
}

/** RabbitMQ closes the channel over a time that it can't count. */
function wholeMs(ms: number): number {
  return Math.min(Math.ceil(ms), LONGEST_EXPIRY_MS);
}

/** No part of the message was sent. */
function unsendable(problem: string): PublishError {
  return new PublishError('PUBLISH_REFUSED', problem, { mayHaveRun: false });
}
