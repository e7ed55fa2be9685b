import type { Transport } from './contract.js';
import type { TransportDriver } from './driver.js';
import { resolveSupervisorOptions, type SupervisorOptions } from './options.js';
import { SupervisedTransport } from './supervisor/supervised-transport.js';

/**
 * Makes a long-lived, reconnecting transport from a driver. Does not connect yet.
 * Throws ConfigError (CONFIG_INVALID) for options that can't be used.
 */
export function createTransport(driver: TransportDriver, options: SupervisorOptions = {}): Transport {
  return new SupervisedTransport(driver, resolveSupervisorOptions(options));
}
