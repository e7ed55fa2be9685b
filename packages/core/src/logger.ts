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
