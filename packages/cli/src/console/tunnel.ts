import {
  type BrokerFrame,
  type PageFrame,
  pack,
  type TunnelError,
  unpack,
} from '@intersect-sdk/console/tunnel';
import { isIntersectError, PublishError, SubscribeError, TransportError } from '@intersect-sdk/core';
import { settlesWithin } from '@intersect-sdk/core/internal';
import type { Link, LinkEvents, SubscriptionSpec, TransportDriver } from '@intersect-sdk/transport';
import type { WebSocket } from 'ws';

export interface TunnelOptions {
  readonly driver: TransportDriver;
  /** Nothing may be sent. */
  readonly readOnly: boolean;
}

/** How much may wait for a page that reads slowly before the broker is made to wait, in bytes. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
const ASK_AGAIN_MS = 20;
/** How long a broker has to end a connection in order. */
const LEAVE_MS = 3_000;
/** What a WebSocket says that ended without a word: a page that is closed or left says so. */
const CUT = 1006;
const SESSION_PREFIX = 'console-';

/**
 * Carries the traffic of one page over one connection to a broker. They end together: the page sees that the connection was lost, and makes a
 * new one.
 */
export class Tunnel {
  readonly #socket: WebSocket;
  readonly #options: TunnelOptions;
  readonly #opening = new AbortController();
  readonly #subscriptions = new Map<string, SubscriptionSpec>();
  readonly #deliveries = new Map<number, (ok: boolean) => void>();
  #link: Link | undefined;
  #lastDelivery = 0;
  #isOver = false;

  constructor(socket: WebSocket, options: TunnelOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data: Buffer) => this.#received(data));
    socket.on('close', (code) => (code === CUT ? this.#cut() : void this.end()));
    // Its end follows.
    socket.on('error', () => {});
  }

  /** Ends both connections in order, so that the broker keeps nothing for a page that is gone; a broker that hangs is waited for 3 s. */
  async end(): Promise<void> {
    const link = this.#leave();
    if (!link) return;
    await settlesWithin(link.close(), LEAVE_MS);
    link.destroy();
  }

  /** Ends both connections at once; what the broker keeps of the page's answers stays there for the page to come back. */
  #cut(): void {
    this.#leave()?.destroy();
  }

  /** Nothing more passes; gives the connection to the broker, which is still to be ended. */
  #leave(): Link | undefined {
    const link = this.#link;
    this.#link = undefined;
    this.#opening.abort();
    for (const settle of this.#deliveries.values()) settle(false);
    this.#deliveries.clear();
    this.#isOver = true;
    this.#socket.terminate();
    return link;
  }

  #received(data: Buffer): void {
    let read: { readonly frame: PageFrame; readonly payload: Uint8Array };
    try {
      read = unpack<PageFrame>(data);
    } catch {
      void this.end();
      return;
    }
    const { frame, payload } = read;
    if (frame.kind === 'open') void this.#open(frame);
    else if (frame.kind === 'handled') this.#handled(frame.delivery, frame.ok);
    else if (frame.kind === 'ready') this.#link?.ready?.();
    else if (frame.kind === 'close') void this.end();
    else void this.#call(frame, payload);
  }

  async #open({ session }: PageFrame & { kind: 'open' }): Promise<void> {
    const { driver } = this.#options;
    try {
      const signal = this.#opening.signal;
      const link = await driver.open(this.#events(), {
        signal,
        // By the name of another program's session a page would take that over.
        session: { ...session, id: `${SESSION_PREFIX}${session.id}`, keepAfterClose: false },
      });
      if (this.#isOver) return link.destroy();
      this.#link = link;
      const { maxPayloadBytes = driver.capabilities.maxPayloadBytes } = link;
      this.#say({ kind: 'opened', broker: driver.name, maxPayloadBytes });
    } catch (error) {
      this.#lost(error);
    }
  }

  #events(): LinkEvents {
    return {
      lost: (error) => this.#lost(error),
      subscriptionLost: ({ id }, error) => this.#say({ kind: 'subscription-lost', id, error: told(error) }),
      refused: (channel, error) => this.#say({ kind: 'refused', channel, error: told(error) }),
      flow: (blocked, reason) => this.#say({ kind: 'flow', blocked, reason }),
      notice: (channel, message) => this.#say({ kind: 'notice', channel, message }),
    };
  }

  async #call(frame: Extract<PageFrame, { readonly call: number }>, payload: Uint8Array): Promise<void> {
    const { call } = frame;
    try {
      const { routed } = await this.#do(frame, payload);
      this.#say({ kind: 'done', call, routed });
    } catch (error) {
      this.#say({ kind: 'failed', call, error: told(error) });
    }
  }

  async #do(
    frame: Extract<PageFrame, { readonly call: number }>,
    payload: Uint8Array,
  ): Promise<{ readonly routed: 'yes' | 'no' | 'unknown' }> {
    const { readOnly } = this.#options;
    const link = this.#link;
    if (!link) throw new TransportError('CONNECTION_LOST', 'The tunnel is not open.');
    if (frame.kind === 'publish') {
      if (readOnly) throw new PublishError('PUBLISH_REFUSED', 'This console is read-only: it sends nothing.');
      const { channel, contentType, headers, durable, expiresAfterMs } = frame;
      return link.publish({ channel, contentType, headers, payload }, { durable, expiresAfterMs });
    }
    if (frame.kind === 'subscribe') {
      const { subscription } = frame;
      // Field by field: a page may ask for nothing else.
      const { id, channel, retention, concurrency, listener } = subscription;
      if (readOnly && (retention === 'durable' || listener !== undefined)) {
        const why = 'This console is read-only: it takes nothing that a broker keeps for a service.';
        throw new SubscribeError('SUBSCRIBE_REFUSED', why);
      }
      const spec: SubscriptionSpec = {
        id,
        channel,
        retention,
        concurrency,
        listener,
        deliver: (...delivered) => this.#deliver(subscription, ...delivered),
      };
      this.#subscriptions.set(spec.id, spec);
      await link.subscribe(spec);
    } else {
      const spec = this.#subscriptions.get(frame.id);
      this.#subscriptions.delete(frame.id);
      if (spec) await link.unsubscribe(spec);
    }
    return { routed: 'unknown' };
  }

  /** What is only looked at is acknowledged as it leaves, so that no message waits for the way there and back. */
  async #deliver(
    { id, retention }: Pick<SubscriptionSpec, 'id' | 'retention'>,
    ...[message, { redelivered }]: Parameters<SubscriptionSpec['deliver']>
  ): Promise<boolean> {
    if (this.#isOver) return false;
    const { channel, contentType, headers, payload } = message;
    const frame = { kind: 'message', id, channel, contentType, headers, redelivered } as const;
    if (retention === 'none') {
      this.#say(frame, payload);
      while (this.#socket.bufferedAmount > MOST_WAITING_BYTES && !this.#isOver) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      }
      return true;
    }
    const delivery = ++this.#lastDelivery;
    return new Promise((resolve) => {
      this.#deliveries.set(delivery, resolve);
      this.#say({ ...frame, delivery }, payload);
    });
  }

  #handled(delivery: number, ok: boolean): void {
    this.#deliveries.get(delivery)?.(ok);
    this.#deliveries.delete(delivery);
  }

  #lost(error: unknown): void {
    this.#say({ kind: 'lost', error: told(error) });
    this.#socket.close();
    this.#link = undefined;
  }

  #say(frame: BrokerFrame, payload?: Uint8Array): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(pack(frame, payload));
  }
}

function told(error: unknown): TunnelError {
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (!isIntersectError(error)) return { code: 'PUBLISH_REFUSED', message, retryable: false };
  return { code: error.code, message, retryable: error.retryable };
}
