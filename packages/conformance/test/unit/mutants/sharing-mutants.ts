import { later, links, type Mutant, subscriptions } from './wrap.js';

/** Several instances that share, and don't share, as they should. */
export const sharingMutants: readonly Mutant[] = [
  {
    fault: 'gives each instance all that they are to share',
    wrapping: subscriptions(({ shared }) => (shared ? { retention: 'session', listener: undefined } : {})),
    fails: ['sharing/each-to-one', 'sharing/each-listener', 'sharing/lost-goes-to-others', 'sharing/others'],
  },
  {
    fault: 'has all listeners share one queue where they are shared',
    wrapping: subscriptions(({ shared }) => (shared ? { listener: undefined } : {})),
    fails: ['sharing/each-listener'],
  },
  {
    fault: 'counts those that share wrong',
    wrapping: links((link) => ({ consumersOf: async (spec) => ((await link.consumersOf?.(spec)) ?? 0) + 1 })),
    fails: ['sharing/others'],
  },
  {
    fault: 'fetches more than it can handle where messages are shared',
    wrapping: links((link) => ({
      subscribe: (spec) => {
        if (!spec.shared) return link.subscribe(spec);
        let running = 0;
        return link.subscribe({
          ...spec,
          concurrency: 100,
          deliver: async (...delivery) => {
            while (running >= spec.concurrency) await later();
            running++;
            return await spec.deliver(...delivery).finally(() => running--);
          },
        });
      },
    })),
    fails: ['sharing/busy-leaves-the-rest', 'sharing/ended-leaves-to-others'],
  },
];
