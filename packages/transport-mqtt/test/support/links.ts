import type { IntersectError, TransportError, WireMessage } from '@intersect-sdk/core';
import type {
  DeliveryInfo,
  Link,
  LinkEvents,
  SessionOptions,
  SubscriptionSpec,
  TransportDriver,
} from '@intersect-sdk/transport';
import { type MqttOptions, mqttDriver } from '../../src/index.js';

export const SESSION: SessionOptions = { id: 'test', keepForMs: 60_000, keepAfterClose: false };

/** A link, and everything that it tells its transport. */
export interface OpenLink extends AsyncDisposable {
  readonly link: Link;
  readonly refused: { readonly channel: string; readonly error: IntersectError }[];
  /** Resolves when the link says that it was lost. */
  readonly lost: Promise<TransportError>;
}

type OpenLinkOptions = Partial<SessionOptions> & { readonly signal?: AbortSignal };

export function openLink(options: MqttOptions, more: OpenLinkOptions = {}): Promise<OpenLink> {
  return openWith(mqttDriver(options), more);
}

/** As `openLink`, with a driver that can have opened links before. */
export async function openWith(driver: TransportDriver, more: OpenLinkOptions = {}): Promise<OpenLink> {
  const { signal = new AbortController().signal, ...session } = more;
  const refused: { channel: string; error: IntersectError }[] = [];
  let lose: (error: TransportError) => void = () => {};
  const lost = new Promise<TransportError>((resolve) => {
    lose = resolve;
  });
  const events: LinkEvents = {
    lost: (error) => lose(error),
    refused: (channel, error) => refused.push({ channel, error }),
    subscriptionLost: () => {},
    flow: () => {},
  };
  const link = await driver.open(events, { signal, session: { ...SESSION, ...session } });
  return { link, refused, lost, [Symbol.asyncDispose]: async () => link.destroy() };
}

export function message(channel: string, text = 'x', headers: Record<string, string> = {}): WireMessage {
  return { channel, payload: new TextEncoder().encode(text), contentType: 'text/plain', headers };
}

function textOf({ payload }: WireMessage): string {
  return new TextDecoder().decode(payload);
}

/** A subscription whose handler a test controls. */
export class Wanted implements SubscriptionSpec {
  readonly id = crypto.randomUUID();
  readonly channel: string;
  readonly retention: SubscriptionSpec['retention'];
  readonly concurrency: number;
  readonly shared: boolean;
  readonly taken: { readonly message: WireMessage; readonly info: DeliveryInfo }[] = [];
  readonly #handle: (message: WireMessage) => Promise<boolean>;
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  constructor(
    channel: string,
    options: {
      readonly retention?: SubscriptionSpec['retention'];
      readonly concurrency?: number;
      readonly shared?: boolean;
      readonly handle?: (message: WireMessage) => Promise<boolean>;
    } = {},
  ) {
    this.channel = channel;
    this.retention = options.retention ?? 'session';
    this.concurrency = options.concurrency ?? 1;
    this.shared = options.shared ?? false;
    this.#handle = options.handle ?? (async () => true);
  }

  deliver(message: WireMessage, info: DeliveryInfo): Promise<boolean> {
    this.taken.push({ message, info });
    for (const { count, resolve } of this.#waiting) if (this.taken.length >= count) resolve();
    return this.#handle(message);
  }

  /** Resolves when so many messages were handed out. */
  until(count: number): Promise<void> {
    if (this.taken.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  get texts(): string[] {
    return this.taken.map(({ message }) => textOf(message));
  }
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Lets everything that is ready to happen happen: a full turn of the event loop, sockets included. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
