import { type CodesOf, type Issue, TransportError } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';
import {
  createTransport,
  type Link,
  type LinkEvents,
  type OpenOptions,
  readSupervisorOptions,
  type Transport,
  type TransportCapabilities,
  type TransportDriver,
} from '@intersect-sdk/transport';
import type {
  MqttOptions,
  MqttTransportOptions,
  ResolvedMqttHost,
  ResolvedMqttOptions,
} from '../options/options.js';
import { readMqttOptions, resolveMqttOptions } from '../options/resolve-options.js';
import { ConnectionKillers } from '../quirks/connection-killers.js';
import { UnansweredConnects } from '../quirks/unanswered-connects.js';
import { brokerName } from './connection.js';
import { type LinkTarget, MqttLink } from './link.js';

/**
 * A transport to an MQTT 5 broker over TCP, TLS or WebSocket (protocol section 5), not connected yet.
 * Throws ConfigError (CONFIG_INVALID) that lists every problem of the options.
 */
export function mqttTransport(options: MqttTransportOptions = {}): Transport {
  const issues: Issue[] = [];
  const read = new FieldReader(options, issues);
  const mqtt = readMqttOptions(read);
  const supervisor = readSupervisorOptions(read);
  read.rejectUnknown();
  throwConfigError('MQTT transport options', issues);
  return createTransport(new MqttDriver(mqtt), supervisor);
}

/** The driver alone, for `createTransport`. Throws ConfigError (CONFIG_INVALID) that lists every problem. */
export function mqttDriver(options: MqttOptions = {}): TransportDriver {
  return new MqttDriver(resolveMqttOptions(options));
}

class MqttDriver implements TransportDriver {
  readonly name: string;
  readonly capabilities: TransportCapabilities = {
    headers: 'native',
    acknowledge: 'after-handler',
    publishConfirm: true,
    reportsUnroutable: true,
    durable: true,
  };
  readonly #options: ResolvedMqttOptions;
  readonly #unanswered = new UnansweredConnects();
  readonly #suspects = new ConnectionKillers();
  /** As `LanePlan.freed`. */
  readonly #freed = new Set<string>();

  constructor(options: ResolvedMqttOptions) {
    this.#options = options;
    this.name = brokerName(options, options.hosts[0] as ResolvedMqttHost);
  }

  async open(events: LinkEvents, options: OpenOptions): Promise<Link> {
    const errors: TransportError[] = [];
    for (const host of this.#options.hosts) {
      try {
        return await MqttLink.open(this.#target(host), events, options);
      } catch (thrown) {
        const error = thrown as TransportError;
        // The other addresses are the same broker: they would refuse the same credentials.
        if (error.code === 'ABORTED' || error.code === 'AUTH_REFUSED') throw error;
        errors.push(error);
      }
    }
    throw allRefused(errors);
  }

  #target(host: ResolvedMqttHost): LinkTarget {
    return {
      options: this.#options,
      host,
      unanswered: this.#unanswered,
      suspects: this.#suspects,
      freed: this.#freed,
    };
  }
}

/** One error for all hosts: worth another try if any of theirs is. */
function allRefused(errors: readonly TransportError[]): TransportError {
  const worst = (errors.find((error) => error.retryable) ?? errors[0]) as TransportError;
  if (errors.length === 1) return worst;
  const each = errors.map((error) => error.message).join(' ');
  return new TransportError(
    worst.code as CodesOf<'TransportError'>,
    `None of ${errors.length} hosts could be used. ${each}`,
    {
      cause: new AggregateError(errors),
    },
  );
}
