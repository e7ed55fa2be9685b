// biome-ignore-all lint/suspicious/noConsole: the one file whose purpose is to write there
import type { Logger } from './logger.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Logs to the console what is at least as important as `level` (default `info`): the message, then the fields. */
export function consoleLogger(level: LogLevel = 'info'): Logger {
  const from = LEVELS.indexOf(level);
  const at = (each: LogLevel): Logger[LogLevel] =>
    LEVELS.indexOf(each) < from
      ? () => {}
      : (fields, message) => {
          if (message === undefined) console[each](fields);
          else console[each](message, fields);
        };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
