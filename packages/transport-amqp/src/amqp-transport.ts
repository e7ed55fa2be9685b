import { createTransport, type Transport } from '@intersect-sdk/transport';
import { readOptions, readSupervisorOptions } from '@intersect-sdk/transport/endpoint';
import { AmqpDriver } from './connection/driver.js';
import { type AmqpTransportOptions, OPTIONS_INVALID, readAmqpOptions } from './options.js';

/**
 * A transport over AMQP 0-9-1 (protocol section 4). Does not connect yet.
 * Throws ConfigError (CONFIG_INVALID) that lists every problem of the options.
 */
export function amqpTransport(options: AmqpTransportOptions): Transport {
  const [amqp, supervisor] = readOptions(
    OPTIONS_INVALID,
    options,
    (read) => [readAmqpOptions(read), readSupervisorOptions(read)] as const,
  );
  return createTransport(new AmqpDriver(amqp), supervisor);
}
