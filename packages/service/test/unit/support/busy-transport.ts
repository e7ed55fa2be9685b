import { TransportError, type WireMessage } from '@intersect-sdk/core';
import { createTransport, type Link, type Transport } from '@intersect-sdk/transport';
import { type MemoryBroker, memoryDriver } from '@intersect-sdk/transport/memory';

/** A broker that can't take what goes to some channels, as long as the test says so. */
export class BusyBroker {
  /** Channels that end like this are refused. */
  readonly full = new Set<string>();
  /** What was refused. */
  readonly refused: WireMessage[] = [];
  readonly #broker: MemoryBroker;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  transport(): Transport {
    const driver = memoryDriver(this.#broker);
    return createTransport({
      name: driver.name,
      capabilities: driver.capabilities,
      open: async (events, options) => {
        const link = await driver.open(events, options);
        const publish: Link['publish'] = (message, how) => {
          if (![...this.full].some((end) => message.channel.endsWith(end))) return link.publish(message, how);
          this.refused.push(message);
          const text = `The broker could not take the message to ${message.channel} for now. It may have taken it all the same.`;
          return Promise.reject(new TransportError('BROKER_BUSY', text));
        };
        return Object.assign(Object.create(link) as Link, {
          publish,
          subscribe: (spec: never) => link.subscribe(spec),
          unsubscribe: (spec: never) => link.unsubscribe(spec),
          close: () => link.close(),
          destroy: () => link.destroy(),
        });
      },
    });
  }
}
