import { newId, TransportError } from '@intersect-sdk/core';
import type { Transport } from '../contract.js';
import { createTransport } from '../create-transport.js';
import type { TransportDriver } from '../driver.js';
import type { SupervisorOptions } from '../options.js';
import type { MemoryBroker } from './memory-broker.js';

export interface MemoryTransportOptions extends SupervisorOptions {
  /**
   * For log lines, and for `broker.sever(name)`.
   * @default a random name
   */
  readonly name?: string | undefined;
  /** What the broker asks for, if it asks. */
  readonly password?: string | undefined;
}

/** A driver for a broker in this process. */
export function memoryDriver(broker: MemoryBroker, options: MemoryTransportOptions = {}): TransportDriver {
  const { name = `memory-${newId().slice(0, 8)}`, password } = options;
  const driver: TransportDriver = {
    name,
    capabilities: {
      headers: 'native',
      acknowledge: 'after-handler',
      publishConfirm: true,
      reportsUnroutable: true,
      durable: true,
      sharing: 'queue',
    },
    async open(events, { signal, session }) {
      if (signal.aborted) throw new TransportError('ABORTED', 'Connecting was aborted.');
      return broker.attach({ name, password }, session, events);
    },
    // There is no connection that could be saved.
    share: () => driver,
  };
  return driver;
}

/** A transport to a broker in this process: the same contract as over a network, nothing to install. */
export function memoryTransport(broker: MemoryBroker, options: MemoryTransportOptions = {}): Transport {
  const { name, password, ...supervisor } = options;
  return createTransport(memoryDriver(broker, { name, password }), supervisor);
}
