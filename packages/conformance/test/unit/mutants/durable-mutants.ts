import { ACK_DEADLINE_MS } from '../memory-harness.js';
import { deliveries, later, links, type Mutant, subscriptions, withOpen } from './wrap.js';

/** Channels whose queue is to be emptied when it is used next. */
const removed = new Set<string>();

/** What the broker keeps too long, or not long enough. */
export const durableMutants: readonly Mutant[] = [
  {
    fault: 'acknowledges before the handler',
    wrapping: deliveries(({ spec }) => async (...delivery) => {
      void spec.deliver(...delivery);
      return true;
    }),
    fails: [
      'subscribe/one-at-a-time',
      'subscribe/concurrency',
      'durable/drain-leaves-the-rest',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'sharing/busy-leaves-the-rest',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'sharing/ended-leaves-to-others',
    ],
  },
  {
    fault: 'acknowledges before the handler, with what it sends next',
    wrapping: links((link) => {
      let sent = (): void => {};
      let sending = new Promise<void>((resolve) => {
        sent = resolve;
      });
      const send = <T>(what: T): T => {
        sent();
        sending = new Promise((resolve) => {
          sent = resolve;
        });
        return what;
      };
      return {
        publish: (message, options) => send(link.publish(message, options)),
        subscribe: (spec) =>
          send(
            link.subscribe({
              ...spec,
              deliver: async (...delivery) => {
                const done = spec.deliver(...delivery);
                return await Promise.race([done, sending.then(() => true)]);
              },
            }),
          ),
      };
    }),
    fails: [
      'subscribe/concurrency',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
    ],
  },
  {
    fault: 'lets the broker deliver again what takes long',
    wrapping: deliveries(({ spec }) => async (...delivery) => {
      const again = setInterval(() => void spec.deliver(...delivery), ACK_DEADLINE_MS);
      return await spec.deliver(...delivery).finally(() => clearInterval(again));
    }),
    fails: ['durable/long-handler'],
  },
  {
    fault: 'acknowledges some time after the handler, and not before the end',
    wrapping: deliveries(({ spec }) => async (...delivery) => {
      const done = await spec.deliver(...delivery);
      await later();
      return done;
    }),
    fails: ['durable/acknowledged-is-gone', 'durable/drain-leaves-the-rest'],
  },
  {
    fault: 'keeps nothing for a durable subscription',
    wrapping: subscriptions(({ retention }) => (retention === 'durable' ? { retention: 'none' } : {})),
    fails: [
      'durable/sent-while-closed',
      'durable/unsubscribed-still-collects',
      'durable/acknowledged-is-gone',
      'durable/drain-leaves-the-rest',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'sharing/each-to-one',
      'sharing/each-listener',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'sharing/others',
    ],
  },
  {
    fault: 'keeps a durable subscription for the session only',
    wrapping: subscriptions(({ retention }) => (retention === 'durable' ? { retention: 'session' } : {})),
    fails: [
      'durable/sent-while-closed',
      'durable/unsubscribed-still-collects',
      'durable/acknowledged-is-gone',
      'durable/drain-leaves-the-rest',
      'sharing/each-to-one',
      'sharing/each-listener',
      'sharing/lost-goes-to-others',
      'sharing/others',
    ],
  },
  {
    fault: 'keeps nothing for a subscription of the session',
    wrapping: subscriptions(({ retention }) => (retention === 'session' ? { retention: 'none' } : {})),
    fails: ['durable/session-spans-a-cut'],
  },
  {
    fault: 'keeps messages for a subscription that wants none kept',
    wrapping: subscriptions(({ retention }) => (retention === 'none' ? { retention: 'session' } : {})),
    fails: ['durable/none-collects-nothing'],
  },
  {
    fault: "lets the queue of a session be shared by its channel's name",
    wrapping: subscriptions(({ retention }) => (retention === 'session' ? { retention: 'durable' } : {})),
    fails: [
      'subscribe/unsubscribe-leaves-nothing',
      'durable/session-ends-with-close',
      'durable/two-sessions',
    ],
  },
  {
    fault: 'does not name the queue of a session so that it is found again',
    wrapping: {
      driver: (driver) => {
        let count = 0;
        return withOpen(driver, (events, options) => {
          const id = `${options.session.id}-${++count}`;
          return driver.open(events, { ...options, session: { ...options.session, id } });
        });
      },
    },
    fails: ['durable/session-spans-a-cut'],
  },
  {
    fault: 'drain() drops what came in and was not handled',
    wrapping: deliveries(({ spec }) => async (...delivery) => {
      await spec.deliver(...delivery);
      return true;
    }),
    fails: ['durable/drain-leaves-the-rest'],
  },
  {
    fault: 'unsubscribe() removes what is durable too',
    wrapping: links((link) => ({
      subscribe: async (spec) => {
        if (removed.delete(spec.channel)) {
          const drop = { ...spec, deliver: async () => true };
          await link.subscribe(drop);
          await later();
          await link.unsubscribe(drop);
        }
        await link.subscribe(spec);
      },
      unsubscribe: (spec) => {
        removed.add(spec.channel);
        return link.unsubscribe(spec);
      },
    })),
    fails: ['durable/unsubscribed-still-collects'],
  },
];
