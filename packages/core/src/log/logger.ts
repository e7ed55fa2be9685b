import type { Given } from '../plumbing/field-reader.js';
import { callbackProblem, kindOf } from '../plumbing/value-rules.js';

/**
 * What this SDK logs to. Shaped like pino's, so a pino logger fits as it is; `console` fits through
 * `consoleLogger`. No payload and no secret is ever passed to it.
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

/** The logger that was given, or the silent one. */
export function loggerOf({ value, path, issues }: Given): Logger {
  if (value === undefined) return silentLogger;
  if (typeof value !== 'object' || value === null) {
    issues.push({
      path,
      message: `must be an object with debug, info, warn and error, got ${kindOf(value)}`,
    });
    return silentLogger;
  }
  for (const level of Object.keys(silentLogger)) {
    if (callbackProblem((value as Record<string, unknown>)[level])) {
      issues.push({ path: `${path}.${level}`, message: 'must be a function' });
    }
  }
  return value as Logger;
}
