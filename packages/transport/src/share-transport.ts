import type { Transport } from './contract.js';
import { notShareable } from './supervisor/shared-driver.js';

/**
 * One connection for several clients and services of this process: give what this returns to each of them as its broker. The connection is
 * made by the first that starts, is made again for all when it is lost, and is closed with the last. Over AMQP each has channels of its own,
 * and all publish on one. The transport itself is not connected and can be forgotten.
 * Throws ConfigError (CONFIG_INVALID) over MQTT, where a session belongs to one address, and IN_USE for a transport that is connected.
 */
export function shareTransport(transport: Transport): Transport {
  if (!transport.share) throw notShareable(transport.name);
  return transport.share();
}
