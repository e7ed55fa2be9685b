import { type CodesOf, TransportError } from '@intersect-sdk/core';
import type {
  Link,
  LinkEvents,
  OpenOptions,
  SubscriptionSpec,
  TransportCapabilities,
  TransportDriver,
} from '@intersect-sdk/transport';
import { type AmqpOptions, type ResolvedAmqpOptions, resolveAmqpOptions } from '../options.js';
import { dial } from './dial.js';
import { AmqpLink } from './link.js';
import { QueueNames } from './topology.js';

/** The driver alone, for `createTransport`. Throws ConfigError (CONFIG_INVALID) that lists every problem. */
export function amqpDriver(options: AmqpOptions): TransportDriver {
  return new AmqpDriver(resolveAmqpOptions(options));
}

export class AmqpDriver implements TransportDriver {
  readonly name = 'amqp';
  readonly capabilities: TransportCapabilities;
  readonly #options: ResolvedAmqpOptions;
  readonly #queueNames = new WeakMap<SubscriptionSpec, string>();
  #nextHost = 0;

  constructor(options: ResolvedAmqpOptions) {
    this.#options = options;
    this.capabilities = {
      headers: 'native',
      acknowledge: 'after-handler',
      publishConfirm: true,
      reportsUnroutable: true,
      durable: true,
      maxPayloadBytes: options.maxPayloadBytes,
    };
  }

  async open(events: LinkEvents, open: OpenOptions): Promise<Link> {
    const { hosts, exchange, isRoot } = this.#options;
    const { session } = open;
    const first = this.#nextHost++;
    const failures: TransportError[] = [];
    for (let turn = 0; turn < hosts.length; turn++) {
      const host = hosts[(first + turn) % hosts.length];
      if (!host) break;
      try {
        return await dial({ host, options: this.#options, open }, (connection) =>
          AmqpLink.start({
            ...connection,
            topology: { exchange, isRoot, session },
            queueNames: new QueueNames(session.id, this.#queueNames),
            events,
          }),
        );
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        // One cluster has one set of users: the next host would refuse them too.
        if (error.code === 'ABORTED' || error.code === 'AUTH_REFUSED') throw error;
        failures.push(error);
      }
    }
    throw summaryOf(failures);
  }
}

/** Another try can help as soon as it can help with one of the hosts. */
function summaryOf(failures: readonly TransportError[]): TransportError {
  const [first] = failures;
  if (failures.length === 1 && first) return first;
  const telling = failures.find(({ retryable }) => retryable) ?? first;
  return new TransportError(
    (telling?.code ?? 'CONNECT_REFUSED') as CodesOf<'TransportError'>,
    `None of ${failures.length} brokers can be used. ${failures.map(({ message }) => message).join(' ')}`,
    { cause: telling },
  );
}
