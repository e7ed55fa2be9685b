import { IllegalStateError, TransportError } from '@intersect-sdk/core';
import { leftovers, links, type Mutant, transports, withOpen } from './wrap.js';

/** Something is left behind, or told to the wrong ones. */
export const hygieneMutants: readonly Mutant[] = [
  {
    fault: 'close() leaves a timer',
    wrapping: links(() => {
      const timer = setInterval(() => {}, 1_000);
      leftovers.push(() => clearInterval(timer));
      return {};
    }),
    fails: ['hygiene/close-leaves-nothing', 'hygiene/close-while-reconnecting-leaves-nothing'],
  },
  {
    fault: 'destroy() does nothing',
    wrapping: {
      stalls: true,
      driver: (driver) =>
        withOpen(driver, async (events, options) => {
          const socket = setInterval(() => {}, 1_000);
          const gone = (): void => clearInterval(socket);
          leftovers.push(gone);
          const lost = (error: TransportError): void => {
            gone();
            events.lost(error);
          };
          const told = {
            lost,
            subscriptionLost: events.subscriptionLost.bind(events),
            refused: events.refused.bind(events),
            flow: events.flow.bind(events),
          };
          const link = await driver.open(told, options).catch((error) => {
            gone();
            throw error;
          });
          const close = link.close.bind(link);
          link.close = () => close().finally(gone);
          // The socket stays; only the broker's part of it ends, so that it does not spoil the next case.
          return link;
        }),
    },
    fails: ['hygiene/close-while-stalled-leaves-nothing'],
  },
  {
    fault: 'a failed connect() leaves a timer',
    wrapping: {
      driver: (driver) =>
        withOpen(driver, async (events, options) => {
          const timer = setInterval(() => {}, 1_000);
          leftovers.push(() => clearInterval(timer));
          const link = await driver.open(events, options);
          clearInterval(timer);
          return link;
        }),
    },
    fails: ['hygiene/failed-connect-leaves-nothing', 'hygiene/aborted-connect-leaves-nothing'],
  },
  {
    fault: 'an aborted connect() goes on',
    wrapping: transports((inner) => ({
      connect: async ({ signal, ...options } = {}) => {
        const connecting = inner.connect(options);
        connecting.catch(() => {});
        const aborted = new Promise<never>((_, reject) => {
          const abort = (): void => reject(new TransportError('ABORTED', 'aborted, says the mutant'));
          if (signal?.aborted) abort();
          signal?.addEventListener('abort', abort, { once: true });
          void connecting.finally(() => signal?.removeEventListener('abort', abort)).catch(() => {});
        });
        await Promise.race([connecting, aborted]);
      },
    })),
    fails: ['hygiene/aborted-connect-leaves-nothing', 'hygiene/aborted-at-once'],
  },
  {
    fault: 'does not look at the signal of publish() and subscribe()',
    wrapping: transports((inner) => ({
      publish: (message, { signal: _, ...options } = {}) => inner.publish(message, options),
      subscribe: (channel, handler, { signal: _, ...options } = {}) =>
        inner.subscribe(channel, handler, options),
    })),
    fails: ['subscribe/aborted', 'reconnect/publish-gives-up', 'hygiene/aborted-at-once'],
  },
  {
    fault: 'leaves a listener at each signal',
    wrapping: transports((inner) => ({
      publish: (message, options = {}) => {
        options.signal?.addEventListener('abort', () => {});
        return inner.publish(message, options);
      },
    })),
    fails: ['hygiene/signals'],
  },
  {
    fault: 'keeps the handlers of ended subscriptions',
    wrapping: transports((inner) => {
      const kept: unknown[] = [];
      return {
        subscribe: (channel, handler, options) => {
          kept.push(handler);
          return inner.subscribe(channel, handler, options);
        },
      };
    }),
    fails: ['hygiene/no-growth'],
  },
  {
    fault: 'unsubscribe() twice rejects',
    wrapping: transports((inner) => ({
      subscribe: async (...args) => {
        const subscription = await inner.subscribe(...args);
        let ended = false;
        const unsubscribe = async (): Promise<void> => {
          if (ended) throw new IllegalStateError('CLOSED', 'ended, says the mutant');
          ended = true;
          await subscription.unsubscribe();
        };
        return { ...subscription, unsubscribe };
      },
    })),
    fails: ['subscribe/unsubscribe-idempotent'],
  },
  {
    fault: 'a listener that throws ends all telling',
    wrapping: transports((inner) => {
      let broken = false;
      return {
        onEvent: (listener) =>
          inner.onEvent((event) => {
            if (broken) return;
            broken = true;
            listener(event);
            broken = false;
          }),
      };
    }),
    fails: ['basics/listeners'],
  },
  {
    fault: 'a removed listener still hears',
    wrapping: transports((inner) => ({
      onEvent: (listener) => {
        inner.onEvent(listener);
        return () => {};
      },
    })),
    fails: ['basics/listeners'],
  },
  {
    fault: 'does not report a handler that failed',
    wrapping: transports((inner) => ({
      onEvent: (listener) =>
        inner.onEvent((event) => {
          if (event.kind !== 'handler-failed') listener(event);
        }),
    })),
    fails: ['subscribe/handler-fails'],
  },
  {
    fault: 'leaves a message whose handler failed to the broker',
    wrapping: transports((inner) => ({
      subscribe: (channel, handler, options) =>
        inner.subscribe(
          channel,
          async (...args) => {
            try {
              await handler(...args);
            } catch {
              await handler(...args);
            }
          },
          options,
        ),
    })),
    fails: ['subscribe/handler-fails'],
  },
];
