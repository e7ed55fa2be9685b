import { ERROR_CODES, type ErrorCode, isIntersectError, type Logger } from '@intersect-sdk/core';
import type { PassageErrors } from '../passage.js';

/** Ends a request with this answer. The text goes to the page, so it names nothing that the page did not send. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: ErrorCode;

  constructor(status: number, code: ErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A request that says something that can't be. */
export function malformed(message: string): Refusal {
  return new Refusal(400, 'CONFIG_INVALID', message);
}

export function tooLarge(maxDataBytes: number): Refusal {
  return new Refusal(413, 'DATA_TOO_LARGE', `The data gateway takes no more than ${maxDataBytes} bytes.`);
}

/** What ends the bytes that a page sends or takes. */
export function pageErrors(maxDataBytes: number): PassageErrors {
  return {
    cut: () => new Refusal(400, 'DATA_CUT', 'The data ended before they were complete.'),
    tooLarge: () => tooLarge(maxDataBytes),
    late: () => new Refusal(408, 'DATA_STORE_AWAY', 'The next bytes were not sent, or not taken, in time.'),
    aborted: () => new Refusal(503, 'DATA_STORE_AWAY', 'The page went away.'),
  };
}

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  CONFIG_INVALID: 400,
  PAYLOAD_INVALID: 400,
  DATA_GONE: 404,
  DATA_STORE_UNKNOWN: 404,
  DATA_TOO_LARGE: 413,
  DATA_CORRUPT: 502,
  DATA_CUT: 502,
  DATA_STORE_REFUSED: 502,
  DATA_STORE_AWAY: 503,
  DATA_STORE_FULL: 507,
};

/** Of these a page could not tell that the gateway's own rights are meant, and not the page's. */
const SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  DATA_STORE_REFUSED: 'The data store refuses the data gateway. Its log says more.',
  CONFIG_INVALID: 'The data store cannot use what was asked. The log of the data gateway says more.',
  PAYLOAD_INVALID: 'The data store cannot use the pointer. The log of the data gateway says more.',
};

/**
 * The answer for what went wrong. An error of a store may name hosts and users, so its text goes to the log, and the page gets the
 * general sentence of its code.
 */
export function refusalOf(error: unknown, logger: Logger): Refusal {
  if (error instanceof Refusal) return error;
  const code = isIntersectError(error) ? error.code : undefined;
  const status = code && STATUS[code];
  logger.warn({ error: textOf(error), code }, 'A data store could not do what a page asked for');
  if (!code || !status) {
    return new Refusal(
      503,
      'DATA_STORE_AWAY',
      'The data store failed. The log of the data gateway says more.',
    );
  }
  return new Refusal(status, code, SENTENCES[code] ?? ERROR_CODES[code].meaning);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'what was thrown is no error';
}
