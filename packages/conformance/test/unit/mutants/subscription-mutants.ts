import { channelMatches, TransportError } from '@intersect-sdk/core';
import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { deliveries, later, links, type Mutant, subscriptions } from './wrap.js';

/** Subscriptions that take in too little, too much, too early or too late. */
export const subscriptionMutants: readonly Mutant[] = [
  {
    fault: 'takes an error of its own in subscribe() for a lost connection',
    wrapping: links((link, { events }) => ({
      subscribe: (spec) => {
        if (spec.channel.length < 255) return link.subscribe(spec);
        const lost = new TransportError('CONNECTION_LOST', 'The channel could not be encoded.');
        link.destroy();
        events.lost(lost);
        return Promise.reject(lost);
      },
    })),
    fails: ['subscribe/local-error'],
  },
  {
    fault: 'never settles a subscription that throws locally',
    wrapping: links((link) => ({
      subscribe: (spec) => (spec.channel.length < 255 ? link.subscribe(spec) : new Promise(() => {})),
    })),
    fails: ['subscribe/local-error'],
  },
  {
    fault: 'loses the subscriptions beside one that throws locally',
    wrapping: links((link) => {
      const specs = new Set<SubscriptionSpec>();
      return {
        subscribe: async (spec) => {
          if (spec.channel.length < 255) {
            specs.add(spec);
            return link.subscribe(spec);
          }
          for (const other of specs) await link.unsubscribe(other);
          throw new RangeError('too long');
        },
        unsubscribe: (spec) => {
          specs.delete(spec);
          return link.unsubscribe(spec);
        },
      };
    }),
    fails: ['subscribe/local-error'],
  },
  {
    fault: 'subscribe() resolves before the broker knows',
    wrapping: links((link) => ({
      subscribe: async (spec) => {
        void later().then(() => link.subscribe(spec).catch(() => {}));
      },
    })),
    fails: [
      'basics/idle-until-connect',
      'basics/connect-joins',
      'basics/connect-fails-once',
      'basics/connect-retries',
      'basics/fresh',
      'basics/listeners',
      'basics/unroutable',
      'basics/payload-too-large',
      'basics/publish-local-error',
      'basics/dispose-drains',
      'basics/drain-settles-publishes',
      'basics/drain-refuses-new-work',
      'basics/drain-lets-handlers-answer',
      'basics/drain-gives-up',
      'fidelity/payload-no-byte',
      'fidelity/payload-one-byte-0',
      'fidelity/payload-each-of-the-256-bytes',
      'fidelity/payload-1-mib',
      'fidelity/headers',
      'fidelity/header-values',
      'fidelity/no-headers',
      'fidelity/content-type',
      'fidelity/channel',
      'fidelity/order',
      'fidelity/own-messages',
      'fidelity/not-durable',
      'fidelity/foreign',
      'channels/exact',
      'channels/exact-deep',
      'channels/star',
      'channels/star-first',
      'channels/star-last',
      'channels/star-middle',
      'channels/star-twice',
      'channels/hash',
      'channels/hash-alone',
      'channels/star-hash',
      'channels/publish-to-pattern',
      'channels/invalid',
      'channels/overlap',
      'channels/overlap-ends-alone',
      'subscribe/no-gap',
      'subscribe/no-gap-second',
      'subscribe/unsubscribe-stops',
      'subscribe/again',
      'subscribe/one-at-a-time',
      'subscribe/concurrency',
      'subscribe/slow-handler',
      'subscribe/publish-in-handler',
      'subscribe/handler-fails',
      'subscribe/concurrency-invalid',
      'subscribe/local-error',
      'subscribe/unsubscribe-leaves-nothing',
      'subscribe/aborted',
      'durable/sent-while-closed',
      'durable/unsubscribed-still-collects',
      'durable/acknowledged-is-gone',
      'durable/drain-leaves-the-rest',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'durable/long-handler',
      'durable/session-spans-a-cut',
      'durable/session-ends-with-close',
      'durable/none-collects-nothing',
      'durable/two-sessions',
      'sharing/each-to-one',
      'sharing/each-listener',
      'sharing/busy-leaves-the-rest',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'sharing/ended-leaves-to-others',
      'sharing/others',
      'reconnect/subscriptions-survive',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribe-waits',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/in-flight-settles',
      'reconnect/order',
      'reconnect/close-while-reconnecting',
      'hygiene/close-leaves-nothing',
      'hygiene/aborted-connect-leaves-nothing',
      'hygiene/aborted-at-once',
      'hygiene/no-growth',
    ],
  },
  {
    fault: 'a second subscribe() of a channel resolves before the first is confirmed',
    wrapping: links((link) => {
      const known = new Set<string>();
      return {
        subscribe: async (spec) => {
          const second = known.has(spec.channel);
          known.add(spec.channel);
          const subscribing = later().then(() => link.subscribe(spec));
          if (!second) await subscribing;
          else subscribing.catch(() => {});
        },
        unsubscribe: (spec) => {
          known.delete(spec.channel);
          return link.unsubscribe(spec);
        },
      };
    }),
    fails: ['subscribe/no-gap-second', 'hygiene/no-growth'],
  },
  {
    fault: 'hands each message to every matching subscription, once for each of them',
    wrapping: deliveries(({ all }) => async (message, info) => {
      const matching = [...all].filter(({ channel }) => channelMatches(channel, message.channel));
      await Promise.all(matching.map((other) => other.deliver(message, info)));
      return true;
    }),
    fails: [
      'channels/overlap',
      'channels/overlap-ends-alone',
      'durable/drain-leaves-the-rest',
      'reconnect/subscriptions-survive',
    ],
  },
  {
    fault: 'gives a message to one of the matching subscriptions only',
    wrapping: deliveries(({ spec, all }) => async (message, info) => {
      const first = [...all].find(({ channel }) => channelMatches(channel, message.channel));
      return first !== spec || spec.deliver(message, info);
    }),
    fails: [
      'channels/overlap',
      'channels/overlap-ends-alone',
      'subscribe/no-gap-second',
      'reconnect/subscriptions-survive',
    ],
  },
  {
    fault: 'takes # for one word or more',
    wrapping: deliveries(
      ({ spec }) =>
        async (message, info) =>
          spec.channel === `${message.channel}/#` || spec.deliver(message, info),
    ),
    fails: ['channels/hash', 'channels/hash-alone', 'channels/overlap'],
  },
  {
    fault: 'takes * for any number of words',
    wrapping: subscriptions(({ channel }) => ({ channel: channel.replace(/\/\*(\/.*)?$/, '/#') })),
    fails: [
      'channels/star',
      'channels/star-first',
      'channels/star-last',
      'channels/star-middle',
      'channels/star-twice',
      'channels/star-hash',
    ],
  },
  {
    fault: 'takes * for a letter alone',
    wrapping: deliveries(({ spec }) => async (message, info) => {
      const words = message.channel.split('/');
      const stars = spec.channel.split('/').flatMap((word, index) => (word === '*' ? [words[index]] : []));
      return stars.some((word) => /[_-]/.test(word ?? '')) || spec.deliver(message, info);
    }),
    fails: ['channels/star'],
  },
  {
    fault: 'does not tell upper from lower case',
    wrapping: links((link) => ({
      publish: async (message, options) => {
        const channel = message.channel.toLowerCase();
        if (channel !== message.channel) await link.publish({ ...message, channel }, options);
        return link.publish(message, options);
      },
    })),
    fails: ['fidelity/channel', 'channels/exact', 'channels/star', 'channels/hash', 'channels/hash-alone'],
  },
  {
    fault: 'matches channels by how they begin',
    wrapping: subscriptions(({ channel }) =>
      channel.endsWith('/a') || channel.endsWith('/c') ? { channel: `${channel}/#` } : {},
    ),
    fails: ['channels/exact', 'channels/exact-deep', 'channels/star-first'],
  },
  {
    fault: 'ending one subscription ends all of its channel',
    wrapping: links((link) => {
      const specs = new Set<SubscriptionSpec>();
      return {
        subscribe: (spec) => {
          specs.add(spec);
          return link.subscribe(spec);
        },
        unsubscribe: async (spec) => {
          for (const other of specs) if (other.channel === spec.channel) await link.unsubscribe(other);
        },
      };
    }),
    fails: ['channels/overlap-ends-alone', 'subscribe/again', 'hygiene/no-growth'],
  },
  {
    fault: 'does not tell the broker of unsubscribe()',
    wrapping: links(() => ({ unsubscribe: async () => {} })),
    fails: ['subscribe/unsubscribe-leaves-nothing', 'sharing/others', 'hygiene/no-growth'],
  },
  {
    fault: 'gives a handler as many messages as there are',
    wrapping: subscriptions(() => ({ concurrency: 65_535 })),
    fails: [
      'subscribe/one-at-a-time',
      'subscribe/concurrency',
      'durable/drain-leaves-the-rest',
      'sharing/busy-leaves-the-rest',
      'sharing/ended-leaves-to-others',
    ],
  },
  {
    fault: 'gives a handler one message at a time, whatever it asked for',
    wrapping: subscriptions(() => ({ concurrency: 1 })),
    fails: ['subscribe/concurrency', 'sharing/busy-leaves-the-rest'],
  },
  {
    fault: 'gives the messages of all subscriptions one after the other',
    wrapping: links((link) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        subscribe: (spec) =>
          link.subscribe({
            ...spec,
            deliver: (message, info) => {
              const delivered = last.then(() => spec.deliver(message, info));
              last = delivered;
              return delivered;
            },
          }),
      };
    }),
    fails: [
      'subscribe/concurrency',
      'subscribe/slow-handler',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'sharing/busy-leaves-the-rest',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
    ],
  },
  {
    fault: 'confirms a publish only when the last delivery was handled',
    wrapping: links((link) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        publish: async (message, options) => {
          const outcome = await link.publish(message, options);
          await last;
          return outcome;
        },
        subscribe: (spec) =>
          link.subscribe({
            ...spec,
            deliver: (message, info) => {
              const delivered = spec.deliver(message, info);
              last = delivered;
              return delivered;
            },
          }),
      };
    }),
    fails: [
      'basics/dispose-drains',
      'basics/drain-refuses-new-work',
      'basics/drain-lets-handlers-answer',
      'basics/drain-gives-up',
      'subscribe/slow-handler',
      'subscribe/publish-in-handler',
    ],
  },
];
