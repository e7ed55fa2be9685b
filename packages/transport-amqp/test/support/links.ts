import { randomUUID } from 'node:crypto';
import type { IntersectError, TransportError, WireMessage } from '@intersect-sdk/core';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import type {
  DeliveryInfo,
  Link,
  LinkEvents,
  Retention,
  SessionOptions,
  SubscriptionSpec,
} from '@intersect-sdk/transport';
import { type ChannelModel, connect } from 'amqplib';
import { type AmqpOptions, amqpDriver } from '../../src/index.js';
import { Inbox } from './inbox.js';

export function optionsFor({ amqpUrl, username, password }: RabbitmqEndpoints): AmqpOptions {
  return { url: amqpUrl, username, password };
}

/** A channel that no other test uses. */
export function freshChannel(end = 'request'): string {
  return `org/fac/sys/-/test-${randomUUID().slice(0, 18)}/${end}`;
}

export function message(channel: string, text = 'hello', more: Partial<WireMessage> = {}): WireMessage {
  return {
    channel,
    payload: new TextEncoder().encode(text),
    contentType: 'application/json',
    headers: { message_id: randomUUID() },
    ...more,
  };
}

export function textOf({ payload }: WireMessage): string {
  return new TextDecoder().decode(payload);
}

/** What a link told. */
class RecordedEvents implements LinkEvents {
  readonly losses = new Inbox<TransportError>();
  readonly endedSubscriptions = new Inbox<{
    readonly spec: SubscriptionSpec;
    readonly error: IntersectError;
  }>();
  readonly flows = new Inbox<boolean>();

  lost(error: TransportError): void {
    this.losses.push(error);
  }
  subscriptionLost(spec: SubscriptionSpec, error: IntersectError): void {
    this.endedSubscriptions.push({ spec, error });
  }
  refused(): void {}
  flow(blocked: boolean): void {
    this.flows.push(blocked);
  }
}

export interface OpenedLink extends AsyncDisposable {
  readonly link: Link;
  readonly events: RecordedEvents;
  readonly session: SessionOptions;
}

/** One link without a supervisor. Disposing closes it. */
export async function openLink(
  options: AmqpOptions,
  session: Partial<SessionOptions> = {},
): Promise<OpenedLink> {
  const events = new RecordedEvents();
  const full = { id: randomUUID(), keepForMs: 60_000, keepAfterClose: false, ...session };
  const link = await amqpDriver(options).open(events, {
    signal: new AbortController().signal,
    session: full,
  });
  return { link, events, session: full, [Symbol.asyncDispose]: () => link.close() };
}

export interface TestSpec extends SubscriptionSpec {
  readonly inbox: Inbox;
}

export function specFor(
  channel: string,
  options: {
    readonly retention?: Retention;
    readonly concurrency?: number;
    readonly handle?: (message: WireMessage, info: DeliveryInfo) => Promise<boolean>;
  } = {},
): TestSpec {
  const inbox = new Inbox();
  const { retention = 'none', concurrency = 1, handle } = options;
  return {
    id: randomUUID(),
    channel,
    retention,
    concurrency,
    inbox,
    deliver: async (message, info) => {
      inbox.push({ message, info });
      return handle ? handle(message, info) : true;
    },
  };
}

/** A bare connection, to look at the broker from outside. Disposing closes it. */
export async function rawConnection({
  amqpUrl,
  username,
  password,
}: RabbitmqEndpoints): Promise<ChannelModel & AsyncDisposable> {
  const { hostname, port } = new URL(amqpUrl);
  const connection = await connect({ hostname, port: Number(port), username, password }, { noDelay: true });
  connection.on('error', () => {});
  return Object.assign(connection, {
    [Symbol.asyncDispose]: () => connection.close().catch(() => {}),
  });
}
