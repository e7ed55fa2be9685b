import { custom, type OptionRow } from '@intersect-sdk/core/internal';
import type { Transport } from '@intersect-sdk/transport';
import { type BrokerConfig, brokerRow, type ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';

/** True for a transport; any other value is taken for a plain configuration. */
export function isTransport(value: unknown): value is Transport {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Transport>;
  return typeof candidate.connect === 'function' && typeof candidate.subscribe === 'function';
}

/** The row of a broker: a transport as it is, or a plain configuration, checked and completed. */
export function brokerOrTransport(): OptionRow<Transport | BrokerConfig, Transport | ResolvedBrokerConfig> {
  const plain = brokerRow();
  return custom<Transport | BrokerConfig, Transport | ResolvedBrokerConfig>({
    fields: plain.fields,
    read: (given) => (isTransport(given.value) ? given.value : plain.read(given)),
  });
}
