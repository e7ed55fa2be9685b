import type {
  Link,
  LinkEvents,
  OpenOptions,
  SubscriptionSpec,
  Transport,
  TransportDriver,
} from '@intersect-sdk/transport';
import type { Wrapping } from '../memory-harness.js';

/** A transport with one fault, and exactly the cases that it fails. */
export interface Mutant {
  readonly fault: string;
  readonly wrapping: Wrapping;
  readonly fails: readonly string[];
}

export interface LinkContext {
  /** 1 for the first connection of its transport. */
  readonly nth: number;
  readonly events: LinkEvents;
  /** What this transport still knows of its earlier connections. */
  readonly memory: Map<string, unknown>;
}

/** Overrides parts of each connection. */
export function links(fault: (link: Link, context: LinkContext) => Partial<Link>): Wrapping {
  return {
    driver: (driver) => {
      let nth = 0;
      const memory = new Map<string, unknown>();
      return withOpen(driver, async (events, options) => {
        const link = await driver.open(events, options);
        return { ...sameLink(link), ...fault(link, { nth: ++nth, events, memory }) };
      });
    },
  };
}

/** Overrides what a subscription says to the broker. */
export function subscriptions(fault: (spec: SubscriptionSpec) => Partial<SubscriptionSpec>): Wrapping {
  return links((link) => {
    // The broker knows subscriptions by their id, so one object is as good as another.
    const changed = (spec: SubscriptionSpec): SubscriptionSpec => ({ ...spec, ...fault(spec) });
    return {
      subscribe: (spec) => link.subscribe(changed(spec)),
      unsubscribe: (spec) => link.unsubscribe(changed(spec)),
    };
  });
}

export interface DeliveryContext {
  readonly spec: SubscriptionSpec;
  /** Every subscription of the connection, this one among them. */
  readonly all: ReadonlySet<SubscriptionSpec>;
}

/** Overrides how messages are delivered. Called once for each subscription of each connection. */
export function deliveries(fault: (context: DeliveryContext) => SubscriptionSpec['deliver']): Wrapping {
  return links((link) => {
    const all = new Set<SubscriptionSpec>();
    return {
      subscribe: (spec) => {
        all.add(spec);
        return link.subscribe({ ...spec, deliver: fault({ spec, all }) });
      },
      unsubscribe: (spec) => {
        all.delete(spec);
        return link.unsubscribe(spec);
      },
    };
  });
}

export type OpenFault = (events: LinkEvents, options: OpenOptions) => Promise<Link>;

export function withOpen(driver: TransportDriver, open: OpenFault): TransportDriver {
  return { name: driver.name, capabilities: driver.capabilities, open };
}

/** Overrides parts of the transport itself. */
export function transports(fault: (inner: Transport) => Partial<Transport>): Wrapping {
  return {
    transport: (inner) =>
      Object.defineProperties(
        sameTransport(inner),
        Object.getOwnPropertyDescriptors(fault(inner)),
      ) as Transport,
  };
}

/** Ends what mutants leave behind, so that one does not spoil the next. */
export const leftovers: (() => void)[] = [];

/** A turn of the event loop later, in the time that the test controls. */
export function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function sameLink(link: Link): Link {
  return {
    maxPayloadBytes: link.maxPayloadBytes,
    sharing: link.sharing,
    publish: (message, options) => link.publish(message, options),
    subscribe: (spec) => link.subscribe(spec),
    unsubscribe: (spec) => link.unsubscribe(spec),
    consumersOf: async (spec) => link.consumersOf?.(spec),
    close: () => link.close(),
    destroy: () => link.destroy(),
  };
}

function sameTransport(inner: Transport): Transport {
  return {
    name: inner.name,
    closed: inner.closed,
    get capabilities() {
      return inner.capabilities;
    },
    get state() {
      return inner.state;
    },
    connect: (options) => inner.connect(options),
    publish: (message, options) => inner.publish(message, options),
    subscribe: (channel, handler, options) => inner.subscribe(channel, handler, options),
    drain: (options) => inner.drain(options),
    close: () => inner.close(),
    fresh: () => inner.fresh(),
    onEvent: (listener) => inner.onEvent(listener),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
