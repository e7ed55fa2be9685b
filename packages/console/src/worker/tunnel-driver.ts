import { PublishError, SubscribeError, TransportError, type WireMessage } from '@intersect-sdk/core';
import type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  OpenOptions,
  PublishOutcome,
  SubscriptionSpec,
  TransportCapabilities,
  TransportDriver,
} from '@intersect-sdk/transport';
import {
  type BrokerFrame,
  type PageFrame,
  pack,
  TUNNEL_PROTOCOL,
  type TunnelError,
  unpack,
} from '../tunnel/index.js';

export interface TunnelOptions {
  readonly url: string;
  readonly name: string;
  readonly token: string;
}

/** A driver whose connection is that of the program which serves the page. */
export class TunnelDriver implements TransportDriver {
  readonly name: string;
  readonly capabilities: TransportCapabilities = {
    headers: 'native',
    acknowledge: 'after-handler',
    publishConfirm: true,
    reportsUnroutable: true,
    durable: true,
  };
  readonly #options: TunnelOptions;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.name = options.name;
  }

  open(events: LinkEvents, { signal, session }: OpenOptions): Promise<Link> {
    const { url, token } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, [TUNNEL_PROTOCOL, token]);
      socket.binaryType = 'arraybuffer';
      const link = new TunnelLink(socket, events);
      const giveUp = (): void => {
        link.destroy();
        reject(new TransportError('ABORTED', 'Connecting through the console was given up.'));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      link.opened.then(
        () => resolve(link),
        (error: unknown) => reject(error),
      );
      link.opened.catch(() => {}).finally(() => signal.removeEventListener('abort', giveUp));
      socket.addEventListener('open', () => link.send({ kind: 'open', session }));
    });
  }
}

interface Call {
  readonly fulfil: (outcome: PublishOutcome) => void;
  readonly reject: (error: TransportError) => void;
}

const GONE = 'The connection to the program that serves this page has ended.';

/** One connection: calls and their outcomes, messages and their acknowledgements. */
class TunnelLink implements Link {
  maxPayloadBytes: number | undefined;
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #events: LinkEvents;
  readonly #calls = new Map<number, Call>();
  readonly #subscriptions = new Map<string, SubscriptionSpec>();
  #lastCall = 0;
  #state: 'opening' | 'open' | 'ended' = 'opening';
  #settleOpened: Call = { fulfil: () => {}, reject: () => {} };

  constructor(socket: WebSocket, events: LinkEvents) {
    this.#socket = socket;
    this.#events = events;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { fulfil: () => resolve(), reject };
    });
    socket.addEventListener('message', ({ data }) => this.#received(new Uint8Array(data as ArrayBuffer)));
    socket.addEventListener('close', () => this.#lose(new TransportError('CONNECTION_LOST', GONE)));
  }

  send(frame: PageFrame, payload?: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(pack(frame, payload));
  }

  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome> {
    const { channel, contentType, headers, payload } = message;
    return this.#call((call) =>
      this.send({ kind: 'publish', call, channel, contentType, headers, ...options }, payload),
    );
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    const { id, channel, retention, concurrency, listener } = spec;
    this.#subscriptions.set(id, spec);
    const subscription = { id, channel, retention, concurrency, listener };
    await this.#call((call) => this.send({ kind: 'subscribe', call, subscription }));
  }

  async unsubscribe({ id }: SubscriptionSpec): Promise<void> {
    this.#subscriptions.delete(id);
    await this.#call((call) => this.send({ kind: 'unsubscribe', call, id }));
  }

  ready(): void {
    this.send({ kind: 'ready' });
  }

  async close(): Promise<void> {
    this.send({ kind: 'close' });
    this.destroy();
  }

  destroy(): void {
    if (this.#state === 'ended') return;
    this.#end(new TransportError('CONNECTION_LOST', GONE));
  }

  #call(say: (call: number) => void): Promise<PublishOutcome> {
    if (this.#state !== 'open') return Promise.reject(new TransportError('CONNECTION_LOST', GONE));
    return new Promise((fulfil, reject) => {
      const call = ++this.#lastCall;
      this.#calls.set(call, { fulfil, reject });
      say(call);
    });
  }

  #received(bytes: Uint8Array): void {
    const { frame, payload } = unpack<BrokerFrame>(bytes);
    switch (frame.kind) {
      case 'opened':
        this.maxPayloadBytes = frame.maxPayloadBytes;
        this.#state = 'open';
        this.#settleOpened.fulfil({ routed: 'unknown' });
        return;
      case 'done':
        this.#take(frame.call)?.fulfil({ routed: frame.routed });
        return;
      case 'failed':
        this.#take(frame.call)?.reject(errorOf(frame.error));
        return;
      case 'message':
        void this.#deliver(frame, payload);
        return;
      case 'subscription-lost': {
        const spec = this.#subscriptions.get(frame.id);
        if (spec) this.#events.subscriptionLost(spec, errorOf(frame.error));
        return;
      }
      case 'refused':
        this.#events.refused(frame.channel, errorOf(frame.error));
        return;
      case 'notice':
        this.#events.notice?.(frame.channel, frame.message);
        return;
      case 'flow':
        this.#events.flow(frame.blocked, frame.reason);
        return;
      case 'lost':
        this.#lose(errorOf(frame.error));
        return;
    }
  }

  #take(call: number): Call | undefined {
    const found = this.#calls.get(call);
    this.#calls.delete(call);
    return found;
  }

  async #deliver(frame: BrokerFrame & { kind: 'message' }, payload: Uint8Array): Promise<void> {
    const { id, delivery, channel, contentType, headers, redelivered } = frame;
    const spec = this.#subscriptions.get(id);
    const ok = spec ? await spec.deliver({ channel, contentType, headers, payload }, { redelivered }) : false;
    if (delivery !== undefined) this.send({ kind: 'handled', delivery, ok });
  }

  #lose(error: TransportError): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    this.#end(error);
    if (wasOpen) this.#events.lost(error);
  }

  #end(error: TransportError): void {
    this.#state = 'ended';
    this.#socket.close();
    this.#settleOpened.reject(error);
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
  }
}

/** The error that passed the tunnel, of the class that its code belongs to. */
function errorOf({ code, message, retryable }: TunnelError): TransportError {
  // biome-ignore lint/suspicious/noExplicitAny: the other side gives only codes of this class.
  const known = code as any;
  if (code.startsWith('PUBLISH_') || code === 'PAYLOAD_TOO_LARGE' || code === 'UNROUTABLE') {
    return new PublishError(known, message, { retryable });
  }
  if (code.startsWith('SUBSCRIBE_')) return new SubscribeError(known, message, { retryable });
  return new TransportError(known, message, { retryable });
}
