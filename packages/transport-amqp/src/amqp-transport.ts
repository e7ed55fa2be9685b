import type { Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';
import {
  createTransport,
  readSupervisorOptions,
  type SupervisorOptions,
  type Transport,
} from '@intersect-sdk/transport';
import { AmqpDriver } from './connection/driver.js';
import { type AmqpOptions, readAmqpOptions } from './options.js';

/** Options of the connection and of what keeps it up. */
export interface AmqpTransportOptions extends AmqpOptions, SupervisorOptions {}

/**
 * A transport over AMQP 0-9-1 (protocol section 4). Does not connect yet.
 * Throws ConfigError (CONFIG_INVALID) that lists every problem of the options.
 */
export function amqpTransport(options: AmqpTransportOptions): Transport {
  const issues: Issue[] = [];
  const fields = new FieldReader(options, issues);
  const resolved = readAmqpOptions(fields);
  const supervisor = readSupervisorOptions(fields);
  fields.rejectUnknown();
  throwConfigError('Invalid AMQP options', issues);
  return createTransport(new AmqpDriver(resolved), supervisor);
}
