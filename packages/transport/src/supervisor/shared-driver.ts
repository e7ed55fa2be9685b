import { ConfigError, IllegalStateError } from '@intersect-sdk/core';
import type { TransportDriver } from '../driver.js';
import type { TransportState } from '../events.js';

/** Throws ConfigError CONFIG_INVALID where a connection can't be shared, IN_USE for a transport that was connected already. */
export function sharedDriver(driver: TransportDriver, state: TransportState): TransportDriver {
  if (!driver.share) throw notShareable(driver.name);
  if (state.kind === 'idle') return driver.share();
  throw new IllegalStateError(
    'IN_USE',
    `The transport ${driver.name} is in use already: share it before anybody connects it.`,
  );
}

export function notShareable(name: string): ConfigError {
  return new ConfigError('The transport cannot be shared', [
    {
      path: 'transport',
      message: [
        `${name} has connections that serve one client or service each: over MQTT a session belongs to one address, and what is not`,
        'acknowledged is limited for all of a session together. Give each client and service a transport of its own, or use AMQP',
      ].join(' '),
    },
  ]);
}
