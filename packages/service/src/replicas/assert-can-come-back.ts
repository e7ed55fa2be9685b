import { ConfigError } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import type { Instance } from './instance.js';

/**
 * Where a broker deals requests out to sessions, those of an instance that was killed wait for it, so that it has to come back under the
 * same id. Throws CONFIG_INVALID where it would not.
 */
export function assertCanComeBack(transports: readonly Transport[], instance: Instance): void {
  if (instance.isNamed) return;
  const dealing = transports.find(({ capabilities }) => capabilities.sharing === 'sessions');
  if (!dealing) return;
  throw new ConfigError('The service cannot be started', [
    {
      path: 'instanceId',
      message: [
        `is required with replicas: true at ${dealing.name}: the broker deals requests out to the instances, and what it`,
        'dealt out to one that is killed waits for that one alone. Give each instance an id that it has again after a',
        'restart, e.g. the name of its pod or machine',
      ].join(' '),
    },
  ]);
}
