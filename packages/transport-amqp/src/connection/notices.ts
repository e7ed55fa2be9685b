import type { LinkEvents, SubscriptionSpec } from '@intersect-sdk/transport';

/** What whoever runs the program should know, each thing told once, whatever becomes of connections. */
export class NoticesTold {
  readonly keys = new Set<string>();
  readonly subscriptions = new WeakSet<SubscriptionSpec>();
}

/** How the subscriptions of one connection tell it. */
export class Notices {
  readonly #told: NoticesTold;
  readonly #events: LinkEvents;

  constructor(told: NoticesTold, events: LinkEvents) {
    this.#told = told;
    this.#events = events;
  }

  /** False for a subscription that an earlier connection made. */
  isNew(spec: SubscriptionSpec): boolean {
    return !this.#told.subscriptions.has(spec);
  }

  /** The subscription is made. */
  made(spec: SubscriptionSpec): void {
    this.#told.subscriptions.add(spec);
  }

  /** A queue that was to be removed is still there. */
  notForgotten({ channel }: SubscriptionSpec, queue: string, why: string): void {
    const message = `Queue '${queue}' of ${channel} was to be removed and stays, with what waits in it: ${why}.`;
    this.tell(`stays ${queue}`, { channel, message });
  }

  tell(key: string, { channel, message }: { readonly channel: string; readonly message: string }): void {
    if (this.#told.keys.has(key)) return;
    this.#told.keys.add(key);
    this.#events.notice?.(channel, message);
  }
}
