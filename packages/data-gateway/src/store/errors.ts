import {
  type CodesOf,
  ConfigError,
  DataError,
  ERROR_CODES,
  type IntersectError,
  MessageError,
} from '@intersect-sdk/core';
import { abortedError } from '@intersect-sdk/core/internal';
import type { Problem } from '../api.js';
import type { PassageErrors } from '../passage.js';

type DataCode = CodesOf<'DataError'>;

/** What a proxy before the gateway, or something that is none, means by its status. */
const CODES: Readonly<Record<number, DataCode>> = {
  401: 'DATA_STORE_REFUSED',
  403: 'DATA_STORE_REFUSED',
  413: 'DATA_TOO_LARGE',
  507: 'DATA_STORE_FULL',
};

/** Nobody needs more of an answer to understand it. */
const MOST_CHARACTERS = 400;

/** The error that a gateway's answer stands for, with the code that the gateway gave. */
export async function errorOf(answer: Response, gateway: string): Promise<IntersectError> {
  const { code, message } = await problemIn(answer);
  const text = `${message} (${gateway}, status ${answer.status})`;
  if (code === 'PAYLOAD_INVALID') return new MessageError(code, text);
  if (code === 'CONFIG_INVALID') {
    return new ConfigError('The data gateway cannot use the request', [{ path: '', message: text }]);
  }
  if (isDataCode(code)) return new DataError(code, text);
  return new DataError(
    codeOf(answer.status),
    `What answers is no data gateway, but another server or a proxy: check 'url'. ${text}`,
  );
}

function codeOf(status: number): DataCode {
  return CODES[status] ?? (status >= 500 || status === 429 ? 'DATA_STORE_AWAY' : 'DATA_STORE_UNKNOWN');
}

function isDataCode(code: string): code is DataCode {
  return Object.hasOwn(ERROR_CODES, code) && ERROR_CODES[code as DataCode].thrownAs === 'DataError';
}

async function problemIn(answer: Response): Promise<Problem> {
  const read: Partial<Problem> | null = await answer.json().catch(() => null);
  const { code, message } = read ?? {};
  if (typeof code !== 'string' || typeof message !== 'string')
    return { code: '', message: 'No reason was given' };
  return { code, message: message.slice(0, MOST_CHARACTERS) };
}

/** The error of a request that got no answer. */
export function unreachable(gateway: string, cause: unknown): DataError {
  const text = `The data gateway ${gateway} cannot be reached. In a page: its origins must name the page's origin, and the page's Content-Security-Policy must allow the gateway.`;
  return new DataError('DATA_STORE_AWAY', text, { cause });
}

export function late(gateway: string): DataError {
  return new DataError(
    'DATA_STORE_AWAY',
    `The data gateway ${gateway} did not answer in time. Try again, or raise 'stallTimeoutMs'.`,
  );
}

/** What ends data that are read. */
export function readErrors(gateway: string, signal: AbortSignal): PassageErrors {
  const lies = 'They are still there: read them again.';
  return {
    cut: (cause) =>
      new DataError('DATA_CUT', `The data of ${gateway} ended before they were complete. ${lies}`, { cause }),
    tooLarge: () =>
      new DataError('DATA_CORRUPT', `The data gateway ${gateway} gave more bytes than it had said.`),
    late: () => new DataError('DATA_CUT', `The data gateway ${gateway} gave no more bytes in time. ${lies}`),
    aborted: () => abortedError('Reading data', signal),
  };
}
