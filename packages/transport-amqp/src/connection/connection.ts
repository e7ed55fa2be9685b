import type { TransportError } from '@intersect-sdk/core';
import type { Channel, ChannelModel } from 'amqplib';
import { exchangeError, lostError } from '../errors/errors.js';
import { Publisher } from '../out/publisher.js';
import { batchWrites, guardHeaders } from './amqplib-internals.js';
import type { Dialled } from './dial.js';
import { type Exchange, ensureExchange } from './topology.js';

/** What a connection tells each link that uses it. */
export interface ConnectionUser {
  /** It is lost, for good. */
  lost(error: TransportError): void;
  /** The broker asks to publish nothing, or no longer does. */
  flow(blocked: boolean, reason?: string): void;
}

/** One AMQP connection, with the one channel on which everything goes out. One link uses it, or several. */
export class AmqpConnection {
  /** `host:port`, for messages. */
  readonly at: string;
  readonly #connection: ChannelModel;
  readonly #drop: () => void;
  readonly #users = new Set<ConnectionUser>();
  #publisher: Publisher | undefined;
  #blocked = false;
  #ended: TransportError | undefined;
  #isClosing = false;

  private constructor({ connection, drop, at }: Dialled) {
    this.#connection = connection;
    this.#drop = drop;
    this.at = at;
    guardHeaders(connection);
    batchWrites(connection);
    connection.on('error', (error) => this.fail(lostError(error, at)));
    connection.on('close', (error) => this.fail(lostError(error, at)));
    connection.on('blocked', (reason) => this.#setBlocked(true, reason));
    connection.on('unblocked', () => this.#setBlocked(false));
  }

  /** Makes a fresh connection usable. Throws TransportError. */
  static async start(dialled: Dialled, exchange: Exchange): Promise<AmqpConnection> {
    const own = new AmqpConnection(dialled);
    const openChannel = () => dialled.connection.createConfirmChannel();
    try {
      const channel = await openChannel();
      // Refusals reject the call as well; without a listener they would end the process.
      channel.on('error', () => {});
      await ensureExchange(channel, exchange);
      const fail = (error: TransportError): void => own.fail(error);
      const plan = { exchange: exchange.exchange, at: own.at, openChannel, fail };
      own.#publisher = new Publisher(plan, channel);
      if (own.#blocked) own.#publisher.hold(true);
      return own;
    } catch (error) {
      throw own.#ended ?? exchangeError(error, own.at, exchange.exchange);
    }
  }

  get publisher(): Publisher {
    return this.#publisher as Publisher;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Why it ended; undefined as long as it is open. */
  get ended(): TransportError | undefined {
    return this.#ended;
  }

  /** No more links may use it. */
  get isClosing(): boolean {
    return this.#isClosing || this.#ended !== undefined;
  }

  openChannel(): Promise<Channel> {
    return this.#connection.createChannel();
  }

  enter(user: ConnectionUser): void {
    this.#users.add(user);
  }

  /** Answers whether nobody uses it any more. */
  leave(user: ConnectionUser): boolean {
    return this.#users.delete(user) && this.#users.size === 0;
  }

  /** Orderly end, for the last one that left. */
  async close(): Promise<void> {
    this.#isClosing = true;
    try {
      if (!this.#ended) await this.#connection.close();
    } catch {
      // It ended first.
    }
    this.fail(lostError(undefined, this.at));
  }

  /** It can't be used any more: drops the socket, in whatever state it is. */
  fail(error: TransportError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#drop();
    this.#publisher?.end(error);
    for (const user of [...this.#users]) user.lost(error);
  }

  #setBlocked(blocked: boolean, reason?: string): void {
    this.#blocked = blocked;
    this.#publisher?.hold(blocked);
    for (const user of this.#users) user.flow(blocked, reason);
  }
}
