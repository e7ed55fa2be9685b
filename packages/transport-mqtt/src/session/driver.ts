import {
  createTransport,
  type Link,
  type LinkEvents,
  type OpenOptions,
  type Transport,
  type TransportCapabilities,
  type TransportDriver,
} from '@intersect-sdk/transport';
import {
  brokerName,
  HostRotation,
  type ResolvedHost,
  readOptions,
  readSupervisorOptions,
} from '@intersect-sdk/transport/endpoint';
import {
  type MqttOptions,
  type MqttTransportOptions,
  OPTIONS_INVALID,
  type ResolvedMqttOptions,
  readMqttOptions,
  resolveMqttOptions,
} from '../options/options.js';
import { ConnectionKillers } from '../quirks/connection-killers.js';
import { UnansweredConnects } from '../quirks/unanswered-connects.js';
import { type LinkTarget, MqttLink } from './link.js';

/**
 * A transport to an MQTT 5 broker over TCP, TLS or WebSocket (protocol section 5), not connected yet.
 * Throws ConfigError (CONFIG_INVALID) that lists every problem of the options.
 */
export function mqttTransport(options: MqttTransportOptions = {}): Transport {
  const [mqtt, supervisor] = readOptions(
    OPTIONS_INVALID,
    options,
    (read) => [readMqttOptions(read), readSupervisorOptions(read)] as const,
  );
  return createTransport(new MqttDriver(mqtt), supervisor);
}

/** The driver alone, for `createTransport`. Throws ConfigError (CONFIG_INVALID) that lists every problem. */
export function mqttDriver(options: MqttOptions = {}): TransportDriver {
  return new MqttDriver(resolveMqttOptions(options));
}

class MqttDriver implements TransportDriver {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  readonly #options: ResolvedMqttOptions;
  readonly #hosts: HostRotation;
  readonly #unanswered = new UnansweredConnects();
  readonly #suspects = new ConnectionKillers();
  /** As `FreshSessionPlan.freed`. */
  readonly #freed = new Set<string>();

  constructor(options: ResolvedMqttOptions) {
    this.#options = options;
    const { protocol: scheme, hosts, webSocketPath: path } = options;
    this.#hosts = new HostRotation(hosts);
    this.name = brokerName({ scheme, hosts, path });
    this.capabilities = {
      headers: 'native',
      acknowledge: 'after-handler',
      publishConfirm: true,
      reportsUnroutable: true,
      durable: true,
      maxUnacknowledged: Math.min(options.receiveMaximum, options.maxUnacknowledged),
    };
  }

  open(events: LinkEvents, options: OpenOptions): Promise<Link> {
    return this.#hosts.firstToOpen((host) => MqttLink.open(this.#target(host), events, options));
  }

  #target(host: ResolvedHost): LinkTarget {
    return {
      options: this.#options,
      host,
      unanswered: this.#unanswered,
      suspects: this.#suspects,
      freed: this.#freed,
    };
  }
}
