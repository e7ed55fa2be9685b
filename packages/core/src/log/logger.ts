import { type FieldReader, kindOf } from '../plumbing/field-reader.js';

/**
 * What this SDK logs to. Shaped like pino's, so a pino logger fits as it is; `console` fits through
 * `consoleLogger`. No payload and no secret is ever handed to it.
 */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

const nothing = (): void => {};

/** The default: logs nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Reads the field `logger`; the default is silent. */
export function readLogger(read: FieldReader): Logger {
  const value = read.raw('logger');
  if (value === undefined) return silentLogger;
  if (typeof value !== 'object' || value === null) {
    read.addIssue('logger', `must be an object with debug, info, warn and error, got ${kindOf(value)}`);
    return silentLogger;
  }
  for (const level of Object.keys(silentLogger)) {
    if (typeof (value as Record<string, unknown>)[level] !== 'function') {
      read.addIssue(`logger.${level}`, 'must be a function');
    }
  }
  return value as Logger;
}
