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
import { AmqpConnection } from './connection.js';
import { dial } from './dial.js';
import { AmqpLink } from './link.js';
import { Notices, NoticesTold } from './notices.js';
import { SharedConnection } from './shared-connection.js';
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
  readonly #shared: SharedConnection | undefined;

  constructor(options: ResolvedAmqpOptions, { isShared = false }: { readonly isShared?: boolean } = {}) {
    this.#options = options;
    this.#shared = isShared ? new SharedConnection((open) => this.#connect(open)) : undefined;
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
      sharing: 'queue',
      maxPayloadBytes: options.maxPayloadBytes,
    };
  }

  async open(events: LinkEvents, open: OpenOptions): Promise<Link> {
    const { vhost, exchange, isRoot, queueType } = this.#options;
    const { session } = open;
    const connection = await (this.#shared?.take(open) ?? this.#connect(open));
    return new AmqpLink({
      connection,
      isShared: this.#shared !== undefined,
      topology: { vhost, exchange, isRoot, queueType, session },
      queueNames: new QueueNames(session.id, this.#queueNames),
      notices: new Notices(this.#noticesTold, events),
      events,
    });
  }

  share(): TransportDriver {
    return new AmqpDriver(this.#options, { isShared: true });
  }

  #connect(open: OpenOptions): Promise<AmqpConnection> {
    const options = this.#options;
    return this.#hosts.firstToOpen((host) =>
      dial({ host, options, open }, (dialled) => AmqpConnection.start(dialled, options)),
    );
  }
}
