import { isTransport } from '@intersect-sdk/messaging';
import { type BrokerConfig, transportFor } from '@intersect-sdk/messaging/broker-config';
import type { Transport } from '@intersect-sdk/transport';

/** A transport as it is, or how to make the one that a plain configuration describes. */
export function transportSource(broker: Transport | BrokerConfig): Transport | (() => Promise<Transport>) {
  return isTransport(broker) ? broker : () => transportFor(broker);
}
