import type {
  Link,
  LinkEvents,
  OpenOptions,
  SubscriptionSpec,
  TransportCapabilities,
  TransportDriver,
} from '@intersect-sdk/transport';
import { brokerName, HostRotation } from '@intersect-sdk/transport/endpoint';
import { type AmqpOptions, DEFAULT_VHOST, type ResolvedAmqpOptions, resolveAmqpOptions } from '../options.js';
import { dial } from './dial.js';
import { AmqpLink } from './link.js';
import { Notices, NoticesTold } from './notices.js';
import { QueueNames } from './topology.js';

/** The driver alone, for `createTransport`. Throws ConfigError (CONFIG_INVALID) that lists every problem. */
export function amqpDriver(options: AmqpOptions): TransportDriver {
  return new AmqpDriver(resolveAmqpOptions(options));
}

export class AmqpDriver implements TransportDriver {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  readonly #options: ResolvedAmqpOptions;
  readonly #queueNames = new WeakMap<SubscriptionSpec, string>();
  readonly #noticesTold = new NoticesTold();
  readonly #hosts: HostRotation;

  constructor(options: ResolvedAmqpOptions) {
    this.#options = options;
    const { hosts, tls, vhost } = options;
    this.#hosts = new HostRotation(hosts);
    this.name = brokerName({
      scheme: tls ? 'amqps' : 'amqp',
      hosts,
      path: vhost === DEFAULT_VHOST ? '' : encodeURIComponent(vhost),
    });
    this.capabilities = {
      headers: 'native',
      acknowledge: 'after-handler',
      publishConfirm: true,
      reportsUnroutable: true,
      durable: true,
      acknowledgeWithinMs: options.consumerTimeoutMs,
      maxPayloadBytes: options.maxPayloadBytes,
    };
  }

  open(events: LinkEvents, open: OpenOptions): Promise<Link> {
    const { vhost, exchange, isRoot } = this.#options;
    const { session } = open;
    return this.#hosts.firstToOpen((host) =>
      dial({ host, options: this.#options, open }, (connection) =>
        AmqpLink.start({
          ...connection,
          topology: { vhost, exchange, isRoot, session },
          queueNames: new QueueNames(session.id, this.#queueNames),
          notices: new Notices(this.#noticesTold, events),
          events,
        }),
      ),
    );
  }
}
