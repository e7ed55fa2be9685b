import { IllegalStateError, isIntersectError, TransportError } from '@intersect-sdk/core';
import type { Transport, TransportEvent } from '@intersect-sdk/transport';
import { links, type Mutant, transports, withOpen } from './wrap.js';

/** Turns one code of a rejected promise into another outcome. */
async function instead<T>(promise: Promise<T>, code: string, otherwise: () => T): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (isIntersectError(error) && error.code === code) return otherwise();
    throw error;
  }
}

const nobody = (inner: Transport) => ({
  channel: '',
  unsubscribe: async () => {},
  [Symbol.asyncDispose]: async () => void inner,
});

/** Connecting, closing, draining and refusing that goes wrong. */
export const basicsMutants: readonly Mutant[] = [
  {
    fault: 'connects as soon as it is made',
    wrapping: {
      transport: (inner) => {
        inner.connect().catch(() => {});
        return inner;
      },
    },
    fails: [
      'basics/idle-until-connect',
      'basics/connect-opens',
      'basics/connect-joins',
      'basics/connect-fails-once',
      'basics/connect-retries',
      'basics/use-before-connect',
      'basics/close-rejects-waiting',
      'basics/listeners',
      'basics/payload-too-large',
      'basics/publish-local-error',
      'channels/invalid',
      'subscribe/local-error',
      'reconnect/states',
      'reconnect/one-event-per-outage',
      'reconnect/connect-joins',
      'hygiene/failed-connect-leaves-nothing',
      'hygiene/aborted-connect-leaves-nothing',
      'hygiene/aborted-at-once',
    ],
  },
  {
    fault: 'connect() twice dials twice',
    wrapping: transports((inner) => {
      const listeners = new Set<(event: TransportEvent) => void>();
      return {
        onEvent: (listener) => {
          listeners.add(listener);
          return inner.onEvent(listener);
        },
        connect: async (options) => {
          const again = inner.state.kind === 'connecting' || inner.state.kind === 'open';
          await inner.connect(options);
          if (!again) return;
          for (const state of [{ kind: 'connecting', attempt: 1 }, { kind: 'open' }] as const) {
            for (const listener of listeners) listener({ kind: 'state', state });
          }
        },
      };
    }),
    fails: ['basics/connect-joins'],
  },
  {
    fault: 'remembers a failed connect()',
    wrapping: transports((inner) => {
      let first: Promise<void> | undefined;
      return {
        connect: (options) => {
          if (inner.state.kind !== 'idle') return inner.connect(options);
          first ??= inner.connect(options);
          return first;
        },
      };
    }),
    fails: ['basics/connect-fails-once', 'hygiene/aborted-connect-leaves-nothing', 'hygiene/aborted-at-once'],
  },
  {
    fault: 'connect() always tries again',
    wrapping: transports((inner) => ({ connect: (options) => inner.connect({ ...options, retry: true }) })),
    fails: ['basics/connect-fails-once', 'hygiene/failed-connect-leaves-nothing'],
  },
  {
    fault: 'connect() never tries again',
    wrapping: transports((inner) => ({ connect: (options) => inner.connect({ ...options, retry: false }) })),
    fails: ['basics/connect-retries', 'hygiene/aborted-connect-leaves-nothing'],
  },
  {
    fault: 'takes refused credentials for a fault that passes',
    wrapping: {
      driver: (driver) =>
        withOpen(driver, (events, options) =>
          instead(driver.open(events, options), 'AUTH_REFUSED', () => {
            throw new TransportError('CONNECT_REFUSED', 'refused, says the mutant');
          }),
        ),
    },
    fails: ['basics/rejected-credentials'],
  },
  {
    fault: 'does not mind being used before connect()',
    wrapping: transports((inner) => ({
      publish: (message, options) =>
        instead(inner.publish(message, options), 'NOT_CONNECTED', () => undefined),
      subscribe: (...args) => instead(inner.subscribe(...args), 'NOT_CONNECTED', () => nobody(inner)),
    })),
    fails: ['basics/use-before-connect'],
  },
  {
    fault: 'does not mind being used after close()',
    wrapping: transports((inner) => ({
      publish: (message, options) => instead(inner.publish(message, options), 'CLOSED', () => undefined),
    })),
    fails: [
      'basics/use-after-close',
      'reconnect/close-while-reconnecting',
      'hygiene/close-while-reconnecting-leaves-nothing',
    ],
  },
  {
    fault: 'close() never resolves',
    wrapping: transports((inner) => ({
      close: async () => {
        await inner.close();
        await new Promise(() => {});
      },
    })),
    fails: [
      'basics/use-after-close',
      'basics/close-idempotent',
      'basics/close-unconnected',
      'basics/close-rejects-waiting',
      'basics/fresh',
      'subscribe/unsubscribe-idempotent',
      'durable/sent-while-closed',
      'durable/unsubscribed-still-collects',
      'durable/session-ends-with-close',
      'reconnect/close-while-reconnecting',
      'hygiene/close-leaves-nothing',
      'hygiene/close-while-reconnecting-leaves-nothing',
    ],
  },
  {
    fault: 'close() a second time rejects',
    wrapping: transports((inner) => {
      let closing = false;
      return {
        close: async () => {
          if (closing) throw new IllegalStateError('CLOSED', 'closed, says the mutant');
          closing = true;
          await inner.close();
        },
      };
    }),
    fails: ['basics/close-idempotent'],
  },
  {
    fault: 'close() before connect() does nothing',
    wrapping: transports((inner) => ({
      close: async () => {
        if (inner.state.kind !== 'idle') await inner.close();
      },
    })),
    fails: ['basics/close-unconnected'],
  },
  {
    fault: 'close() leaves a connect() under way alone',
    wrapping: transports((inner) => ({
      close: async () => {
        if (inner.state.kind !== 'connecting') await inner.close();
      },
    })),
    fails: ['basics/close-rejects-waiting'],
  },
  {
    fault: 'close() while reconnecting lets what waits wait',
    wrapping: transports((inner) => ({
      publish: (message, options) =>
        inner.state.kind === 'reconnecting'
          ? instead(inner.publish(message, options), 'CLOSED', () => new Promise<void>(() => {}) as never)
          : inner.publish(message, options),
    })),
    fails: ['reconnect/close-while-reconnecting', 'hygiene/close-while-reconnecting-leaves-nothing'],
  },
  {
    fault: 'drain() is close()',
    wrapping: transports((inner) => ({
      drain: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
    })),
    fails: [
      'basics/dispose-drains',
      'basics/drain-settles-publishes',
      'basics/drain-refuses-new-work',
      'basics/drain-lets-handlers-answer',
      'durable/drain-leaves-the-rest',
    ],
  },
  {
    fault: 'drain() waits for ever',
    wrapping: transports((inner) => ({ drain: () => inner.drain({ timeoutMs: 2 ** 31 - 1 }) })),
    fails: ['basics/drain-gives-up'],
  },
  {
    fault: 'drain() refuses the publishes of handlers at work',
    wrapping: transports((inner) => ({
      publish: (message, options) =>
        inner.state.kind === 'draining'
          ? Promise.reject(new IllegalStateError('DRAINING', 'draining, says the mutant'))
          : inner.publish(message, options),
    })),
    fails: ['basics/drain-lets-handlers-answer'],
  },
  {
    fault: 'takes subscriptions while draining',
    wrapping: transports((inner) => ({
      subscribe: (...args) => instead(inner.subscribe(...args), 'DRAINING', () => nobody(inner)),
    })),
    fails: ['basics/drain-refuses-new-work'],
  },
  {
    fault: 'does not look whether a message was routed',
    wrapping: transports((inner) => ({
      publish: (message, options) => inner.publish(message, { ...options, mustRoute: false }),
    })),
    fails: ['basics/unroutable'],
  },
  {
    fault: 'does not know the largest payload',
    wrapping: links(() => ({ maxPayloadBytes: undefined })),
    fails: ['basics/payload-too-large'],
  },
  {
    fault: 'takes any channel to publish to',
    wrapping: transports((inner) => ({
      publish: (message, options) =>
        instead(inner.publish(message, options), 'CONFIG_INVALID', () => undefined),
    })),
    fails: ['channels/publish-to-pattern', 'channels/invalid'],
  },
  {
    fault: 'fresh() gives the same transport',
    wrapping: transports((inner) => ({ fresh: () => inner })),
    fails: ['basics/fresh'],
  },
  {
    fault: 'takes any concurrency',
    wrapping: transports((inner) => ({
      subscribe: (channel, handler, options) =>
        inner.subscribe(channel, handler, {
          ...options,
          concurrency: Math.max(1, Math.min(9, Math.round(options?.concurrency ?? 1) || 1)),
        }),
    })),
    fails: ['subscribe/concurrency-invalid'],
  },
];
