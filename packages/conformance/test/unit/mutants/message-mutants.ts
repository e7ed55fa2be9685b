import { newId, TransportError, type WireMessage } from '@intersect-sdk/core';
import type { Wrapping } from '../memory-harness.js';
import { deliveries, later, links, type Mutant } from './wrap.js';

/** Changes each message on its way to the broker. */
function sent(change: (message: WireMessage) => Partial<WireMessage>): Wrapping {
  return links((link) => ({
    publish: (message, options) => link.publish({ ...message, ...change(message) }, options),
  }));
}

function headers(change: (entries: [string, string][]) => [string, string][]): Wrapping {
  return sent(({ headers }) => ({ headers: Object.fromEntries(change(Object.entries(headers))) }));
}

/** Messages that don't arrive as they were sent. */
export const messageMutants: readonly Mutant[] = [
  {
    fault: 'takes an error of its own in publish() for a lost connection',
    wrapping: links((link, { events }) => ({
      publish: (message, options) => {
        if (message.channel.length < 255) return link.publish(message, options);
        const lost = new TransportError('CONNECTION_LOST', 'The message could not be encoded.');
        link.destroy();
        events.lost(lost);
        return Promise.reject(lost);
      },
    })),
    fails: ['basics/publish-local-error'],
  },
  {
    fault: 'drops headers that are empty',
    wrapping: headers((entries) => entries.filter(([, value]) => value !== '')),
    fails: ['fidelity/header-values'],
  },
  {
    fault: 'drops headers beyond the 32nd',
    wrapping: headers((entries) => entries.slice(0, 32)),
    fails: ['fidelity/headers'],
  },
  {
    fault: 'adds a header of its own',
    wrapping: headers((entries) => [...entries, ['x-sent-by', 'mutant']]),
    fails: ['fidelity/headers', 'fidelity/header-values', 'fidelity/no-headers'],
  },
  {
    fault: 'gives a content type to messages that have none',
    wrapping: sent(({ contentType }) => ({ contentType: contentType || 'application/octet-stream' })),
    fails: ['fidelity/content-type'],
  },
  {
    fault: 'truncates payloads at 64 KiB',
    wrapping: sent(({ payload }) => ({ payload: payload.slice(0, 65_536) })),
    fails: ['fidelity/payload-1-mib'],
  },
  {
    fault: 'takes payloads for UTF-8 text',
    wrapping: sent(({ payload }) => ({
      payload: new TextEncoder().encode(new TextDecoder().decode(payload)),
    })),
    fails: ['fidelity/payload-each-of-the-256-bytes', 'fidelity/payload-1-mib'],
  },
  {
    fault: 'takes an empty payload for no message',
    wrapping: links((link) => ({
      publish: async (message, options) =>
        message.payload.length > 0 ? link.publish(message, options) : { routed: 'unknown' },
    })),
    fails: ['fidelity/payload-no-byte', 'fidelity/content-type', 'channels/hash-alone'],
  },
  {
    fault: 'strips the zero byte at the end of a payload',
    wrapping: sent(({ payload }) => ({ payload: payload.at(-1) === 0 ? payload.slice(0, -1) : payload })),
    fails: ['fidelity/payload-one-byte-0'],
  },
  {
    fault: 'lets every tenth message be overtaken by the next',
    wrapping: links((link) => {
      let count = 0;
      return {
        async publish(message, options) {
          if (++count % 10 === 0) await later();
          return link.publish(message, options);
        },
      };
    }),
    fails: ['basics/drain-settles-publishes', 'fidelity/order', 'fidelity/not-durable', 'reconnect/order'],
  },
  {
    fault: 'delivers only what is durable',
    wrapping: links((link) => ({
      publish: async (message, options) =>
        options.durable ? link.publish(message, options) : { routed: 'unknown' },
    })),
    fails: ['fidelity/not-durable', 'reconnect/publish-waits'],
  },
  {
    fault: 'does not hear itself',
    wrapping: links((link) => {
      const me = newId();
      return {
        publish: (message, options) =>
          link.publish({ ...message, headers: { ...message.headers, sender: me } }, options),
        subscribe: (spec) =>
          link.subscribe({
            ...spec,
            deliver: async (message, info) => {
              const { sender, ...headers } = message.headers;
              return sender === me || spec.deliver({ ...message, headers }, info);
            },
          }),
      };
    }),
    fails: [
      'basics/idle-until-connect',
      'basics/connect-joins',
      'basics/connect-fails-once',
      'basics/connect-retries',
      'basics/listeners',
      'basics/unroutable',
      'basics/payload-too-large',
      'basics/publish-local-error',
      'basics/dispose-drains',
      'basics/drain-refuses-new-work',
      'basics/drain-gives-up',
      'fidelity/channel',
      'fidelity/own-messages',
      'channels/publish-to-pattern',
      'channels/invalid',
      'channels/overlap',
      'subscribe/unsubscribe-stops',
      'subscribe/again',
      'subscribe/one-at-a-time',
      'subscribe/concurrency',
      'subscribe/slow-handler',
      'subscribe/handler-fails',
      'subscribe/concurrency-invalid',
      'subscribe/local-error',
      'subscribe/unsubscribe-leaves-nothing',
      'subscribe/aborted',
      'durable/unacknowledged-comes-back',
      'durable/redelivered-is-marked',
      'durable/long-handler',
      'sharing/lost-goes-to-others',
      'sharing/cut-loses-nothing',
      'reconnect/unsubscribed-stays-so',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/close-while-reconnecting',
      'hygiene/close-leaves-nothing',
      'hygiene/aborted-connect-leaves-nothing',
      'hygiene/aborted-at-once',
      'hygiene/no-growth',
    ],
  },
  {
    fault: 'tells the pattern instead of the channel',
    wrapping: deliveries(
      ({ spec }) =>
        (message, info) =>
          spec.deliver({ ...message, channel: spec.channel }, info),
    ),
    fails: ['fidelity/channel'],
  },
  {
    fault: 'delivers the first message twice',
    wrapping: deliveries(({ spec }) => {
      let first = true;
      return async (...delivery) => {
        const again = first;
        first = false;
        if (again) await spec.deliver(...delivery);
        return spec.deliver(...delivery);
      };
    }),
    fails: [
      'basics/drain-settles-publishes',
      'basics/drain-lets-handlers-answer',
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
      'channels/overlap',
      'channels/overlap-ends-alone',
      'subscribe/unsubscribe-stops',
      'subscribe/again',
      'subscribe/one-at-a-time',
      'subscribe/concurrency',
      'subscribe/publish-in-handler',
      'subscribe/handler-fails',
      'durable/sent-while-closed',
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
      'sharing/ended-leaves-to-others',
      'reconnect/subscriptions-survive',
      'reconnect/subscribes-before-publishing',
      'reconnect/open-comes-last',
      'reconnect/publish-waits',
      'reconnect/publish-gives-up',
      'hygiene/aborted-at-once',
    ],
  },
  {
    fault: 'never says that a message was delivered before',
    wrapping: deliveries(
      ({ spec }) =>
        (message) =>
          spec.deliver(message, { redelivered: false }),
    ),
    fails: ['durable/redelivered-is-marked', 'sharing/lost-goes-to-others'],
  },
];
