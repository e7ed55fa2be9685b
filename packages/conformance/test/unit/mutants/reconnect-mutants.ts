import { TransportError } from '@intersect-sdk/core';
import type { PublishOptions, TransportEvent } from '@intersect-sdk/transport';
import { later, links, type Mutant, transports, withOpen } from './wrap.js';

const lost = (): TransportError => new TransportError('CONNECTION_LOST', 'lost, says the mutant');

/** What should survive a cut and doesn't, or comes back in the wrong order. */
export const reconnectMutants: readonly Mutant[] = [
  {
    fault: 'does not subscribe again after a cut',
    wrapping: links((link, { nth }) => ({
      subscribe: async (spec) => {
        if (nth === 1) await link.subscribe(spec);
      },
    })),
    fails: [
      'basics/fresh',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'durable/session-spans-a-cut',
      'durable/none-collects-nothing',
      'reconnect/subscriptions-survive',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribe-waits',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
    ],
  },
  {
    fault: 'publishes what waited before it subscribes again',
    wrapping: links((link, { nth }) => {
      let published = false;
      return {
        subscribe: async (spec) => {
          if (nth === 1 || published) return link.subscribe(spec);
          void later().then(() => link.subscribe(spec).catch(() => {}));
        },
        publish: (message, options) => {
          published = true;
          return link.publish(message, options);
        },
      };
    }),
    fails: [
      'basics/fresh',
      'durable/none-collects-nothing',
      'reconnect/subscriptions-survive',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribe-waits',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
    ],
  },
  {
    fault: 'subscribes again what was unsubscribed',
    wrapping: transports((inner) => ({
      subscribe: async (channel, handler, options) => {
        const subscription = await inner.subscribe(channel, handler, options);
        let ended = false;
        const stop = inner.onEvent((event) => {
          if (!ended || event.kind !== 'state' || event.state.kind !== 'open') return;
          stop();
          inner.subscribe(channel, handler, options).catch(() => {});
        });
        return {
          ...subscription,
          unsubscribe: () => {
            ended = true;
            return subscription.unsubscribe();
          },
        };
      },
    })),
    fails: ['reconnect/unsubscribed-stays-so', 'hygiene/no-growth'],
  },
  {
    fault: 'announces every try',
    wrapping: transports((inner) => ({
      onEvent: (listener) => {
        let last = inner.state;
        const remove = inner.onEvent((event) => {
          last = inner.state;
          listener(event);
        });
        const look = setInterval(() => {
          const { state } = inner;
          const retry = state !== last && 'attempt' in state && state.attempt > 1;
          last = state;
          if (retry) listener({ kind: 'state', state });
        }, 1);
        void inner.closed.then(() => clearInterval(look));
        return remove;
      },
    })),
    fails: ['basics/connect-retries', 'reconnect/one-event-per-outage'],
  },
  {
    fault: "announces 'connecting' instead of 'reconnecting'",
    wrapping: transports((inner) => {
      const changed = (event: TransportEvent): TransportEvent =>
        event.kind === 'state' && event.state.kind === 'reconnecting'
          ? { kind: 'state', state: { kind: 'connecting', attempt: event.state.attempt } }
          : event;
      return { onEvent: (listener) => inner.onEvent((event) => listener(changed(event))) };
    }),
    fails: [
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'durable/session-spans-a-cut',
      'durable/none-collects-nothing',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'reconnect/states',
      'reconnect/one-event-per-outage',
      'reconnect/connect-joins',
      'reconnect/subscriptions-survive',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribe-waits',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/in-flight-settles',
      'reconnect/order',
      'reconnect/pending-is-bounded',
      'reconnect/publish-gives-up',
      'reconnect/close-while-reconnecting',
      'hygiene/close-while-reconnecting-leaves-nothing',
    ],
  },
  {
    fault: 'does not count its tries',
    wrapping: transports((inner) => ({
      get state() {
        const { state } = inner;
        return 'attempt' in state ? { ...state, attempt: 1 } : state;
      },
    })),
    fails: [
      'basics/connect-retries',
      'reconnect/one-event-per-outage',
      'hygiene/aborted-connect-leaves-nothing',
    ],
  },
  {
    fault: 'publish() while reconnecting rejects at once',
    wrapping: transports((inner) => ({
      publish: (message, options) =>
        inner.state.kind === 'reconnecting' ? Promise.reject(lost()) : inner.publish(message, options),
    })),
    fails: [
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/order',
      'reconnect/pending-is-bounded',
      'reconnect/publish-gives-up',
      'reconnect/close-while-reconnecting',
      'hygiene/close-while-reconnecting-leaves-nothing',
    ],
  },
  {
    fault: 'publish() while reconnecting resolves at once',
    wrapping: transports((inner) => ({
      publish: async (message, options) => {
        const publishing = inner.publish(message, options);
        if (inner.state.kind !== 'reconnecting') return publishing;
        publishing.catch(() => {});
      },
    })),
    fails: [
      'reconnect/publish-waits',
      'reconnect/pending-is-bounded',
      'reconnect/publish-gives-up',
      'reconnect/close-while-reconnecting',
      'hygiene/close-while-reconnecting-leaves-nothing',
    ],
  },
  {
    fault: 'publish() while reconnecting drops what is not durable',
    wrapping: transports((inner) => ({
      publish: async (message, options) => {
        if (inner.state.kind === 'reconnecting' && options?.durable === false) return;
        await inner.publish(message, options);
      },
    })),
    fails: ['reconnect/publish-waits'],
  },
  {
    fault: 'subscribe() while reconnecting rejects at once',
    wrapping: transports((inner) => ({
      subscribe: (channel, handler, options) =>
        inner.state.kind === 'reconnecting'
          ? Promise.reject(lost())
          : inner.subscribe(channel, handler, options),
    })),
    fails: ['reconnect/subscribe-waits', 'reconnect/close-while-reconnecting'],
  },
  {
    fault: 'connect() while reconnecting rejects at once',
    wrapping: transports((inner) => ({
      connect: (options) =>
        inner.state.kind === 'reconnecting' ? Promise.reject(lost()) : inner.connect(options),
    })),
    fails: ['reconnect/connect-joins'],
  },
  {
    fault: 'treats durable messages as if they were not',
    wrapping: slowLinks((inner) => ({
      publish: (message, options) => inner.publish(message, { ...options, durable: false }),
    })),
    fails: ['reconnect/in-flight-settles', 'reconnect/order'],
  },
  {
    fault: 'never settles what was in flight at the cut and is not durable',
    wrapping: slowLinks((inner) => ({
      publish: (message, options) =>
        inner.publish(message, options).catch((error: TransportError) => {
          if (error.code === 'CONNECTION_LOST') return new Promise<void>(() => {});
          throw error;
        }),
    })),
    fails: ['reconnect/in-flight-settles'],
  },
  {
    fault: 'sends what was in flight at the cut again after what came later',
    wrapping: slowLinks((inner) => {
      const again = async (...[message, options]: Parameters<typeof inner.publish>): Promise<void> => {
        const published = inner.publish(message, { ...options, durable: false });
        await published.catch(async () => {
          for (let turn = 0; turn < 50; turn++) await later();
          await inner.publish(message, options);
        });
      };
      return { publish: again };
    }),
    fails: ['reconnect/order'],
  },
  {
    fault: 'keeps any number of waiting publishes',
    wrapping: { options: (options) => ({ ...options, maxPendingMessages: 1_000_000 }) },
    fails: ['reconnect/pending-is-bounded'],
  },
  {
    fault: 'does not end a waiting publish at its time or signal',
    wrapping: transports((inner) => ({
      publish: (message, options: PublishOptions = {}) => {
        const { timeoutMs: _, signal, ...rest } = options;
        return inner.publish(message, signal?.aborted ? { ...rest, signal } : rest);
      },
    })),
    fails: ['reconnect/publish-gives-up'],
  },
  {
    fault: 'sends a publish that ended at its time all the same',
    wrapping: transports((inner) => ({
      publish: (message, options) => {
        if (options?.timeoutMs !== undefined) inner.publish(message).catch(() => {});
        return inner.publish(message, options);
      },
    })),
    fails: ['reconnect/publish-gives-up'],
  },
  {
    fault: 'gives up after a cut',
    wrapping: {
      driver: (driver) => {
        let opened = false;
        return withOpen(driver, async (events, options) => {
          if (opened) throw new TransportError('AUTH_REFUSED', 'refused, says the mutant');
          const link = await driver.open(events, options);
          opened = true;
          return link;
        });
      },
    },
    fails: [
      'basics/fresh',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'durable/session-spans-a-cut',
      'durable/none-collects-nothing',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'reconnect/states',
      'reconnect/one-event-per-outage',
      'reconnect/connect-joins',
      'reconnect/subscriptions-survive',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribe-waits',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/order',
      'reconnect/pending-is-bounded',
      'reconnect/publish-gives-up',
    ],
  },
];

/** Overrides parts of a transport whose messages take a while to the broker. */
function slowLinks(fault: Parameters<typeof transports>[0]): Mutant['wrapping'] {
  return {
    ...transports(fault),
    ...links((link) => ({
      publish: async (message, options) => {
        await later();
        return link.publish(message, options);
      },
    })),
  };
}
