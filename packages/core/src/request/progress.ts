import { ConfigError, type Issue, MessageError, ValidationError } from '../errors/errors.js';
import { FieldReader } from '../plumbing/field-reader.js';
import { kindOf } from '../plumbing/value-rules.js';
import { DEFAULT_CONTENT_TYPE } from '../wire/names.js';
import { encodePayload } from '../wire/payload/payload.js';

/** How far an operation is. Each part may be left out. */
export interface Progress {
  /** From 0 to 1. */
  readonly fraction?: number | undefined;
  /** For people. */
  readonly message?: string | undefined;
  /** For programs: whatever JSON can carry. */
  readonly data?: unknown;
}

/** The bytes of what a handler reports. A fraction below 0 or above 1 becomes 0 or 1. Throws ConfigError with every problem. */
export function encodeProgress(given: Progress): Uint8Array {
  const issues: Issue[] = [];
  const read = new FieldReader(given, issues);
  const fraction = read.raw('fraction');
  if (fraction !== undefined && (typeof fraction !== 'number' || Number.isNaN(fraction))) {
    read.addIssue('fraction', `must be a number from 0 to 1, got ${kindOf(fraction)}`);
  }
  const message = read.raw('message');
  if (message !== undefined && typeof message !== 'string') {
    read.addIssue('message', `must be a string, got ${kindOf(message)}`);
  }
  const data = read.raw('data');
  read.rejectUnknown();
  if (issues.length > 0) throw new ConfigError('The progress cannot be reported', issues);
  const within = fraction === undefined ? undefined : Math.min(1, Math.max(0, fraction as number));
  try {
    return encodePayload({ fraction: within, message, data }, DEFAULT_CONTENT_TYPE);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ConfigError('The progress cannot be reported', error.issues, { cause: error });
  }
}

/** Reads a progress that came in. Throws MessageError PAYLOAD_INVALID for what is none. */
export function progressOf(payload: unknown): Progress {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    const { fraction, message, data } = payload as Progress;
    const isFraction =
      fraction === undefined || (typeof fraction === 'number' && fraction >= 0 && fraction <= 1);
    if (isFraction && (message === undefined || typeof message === 'string'))
      return { fraction, message, data };
  }
  throw new MessageError(
    'PAYLOAD_INVALID',
    'A message of progress must be an object with a fraction from 0 to 1 and a message',
  );
}
