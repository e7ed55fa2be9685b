import { type CodesOf, DataError, IntersectError } from '@intersect-sdk/core';
import type { StoreAnswer } from './send.js';
import type { StallWatch } from './stall-watch.js';

type Code = CodesOf<'DataError'>;

interface Fault {
  readonly code: Code;
  readonly sentence: string;
  readonly retryable?: boolean;
}

const WRONG_SECRET: Fault = {
  code: 'DATA_STORE_REFUSED',
  sentence:
    "the store refuses the user name or the password: check 'username' and 'password', or 'credentials'",
};
const NO_RIGHT: Fault = {
  code: 'DATA_STORE_REFUSED',
  sentence: 'the store does not allow this with that user name: give it the right there, or use another one',
};
const WRONG_REGION: Fault = {
  code: 'DATA_STORE_REFUSED',
  sentence: "the store has another region: give it as the option 'region'",
};
const NO_OBJECT: Fault = {
  code: 'DATA_GONE',
  sentence: 'there is no such object any more, it was read and deleted or has expired: ask for the data anew',
};
const NO_BUCKET: Fault = {
  code: 'DATA_STORE_UNKNOWN',
  sentence: 'there is no such bucket: check that sender and receiver name the same store',
};
const FULL: Fault = { code: 'DATA_STORE_FULL', sentence: 'the store has no room: make some' };
const BUSY: Fault = { code: 'DATA_STORE_AWAY', sentence: "the store can't do it for now: try again later" };
const TOO_LARGE: Fault = {
  code: 'DATA_TOO_LARGE',
  sentence:
    "they are larger than what the store takes in one piece: give them as a stream without 'size', which goes in parts",
};
const DAMAGED: Fault = {
  code: 'DATA_CORRUPT',
  sentence: 'the bytes that came to the store are not those that were sent; it kept nothing: try again',
  retryable: true,
};

/** What the codes of S3 mean; codes that are not here go by the status. */
const BY_CODE: Readonly<Record<string, Fault>> = {
  AccessDenied: NO_RIGHT,
  AuthorizationHeaderMalformed: WRONG_REGION,
  BadDigest: DAMAGED,
  ConditionalRequestConflict: BUSY,
  EntityTooLarge: TOO_LARGE,
  ExpiredToken: WRONG_SECRET,
  IllegalLocationConstraintException: WRONG_REGION,
  IncompleteBody: BUSY,
  InvalidAccessKeyId: WRONG_SECRET,
  InvalidToken: WRONG_SECRET,
  NoSuchBucket: NO_BUCKET,
  NoSuchKey: NO_OBJECT,
  OperationAborted: BUSY,
  PermanentRedirect: WRONG_REGION,
  QuotaExceeded: FULL,
  RequestTimeTooSkewed: {
    code: 'DATA_STORE_REFUSED',
    sentence: 'the clock of this machine differs too much from that of the store: set the one that is wrong',
  },
  RequestTimeout: BUSY,
  SignatureDoesNotMatch: WRONG_SECRET,
  SlowDown: BUSY,
  // What versitygw says, with status 404, to a user name that it does not know.
  XAdminUserNotFound: WRONG_SECRET,
  XAmzContentSHA256Mismatch: DAMAGED,
  XMinioAdminBucketQuotaExceeded: FULL,
  XMinioStorageFull: FULL,
};

const BY_STATUS: Readonly<Record<number, Fault>> = {
  401: WRONG_SECRET,
  403: NO_RIGHT,
  404: NO_OBJECT,
  408: BUSY,
  413: TOO_LARGE,
  429: BUSY,
  507: FULL,
};

/** No error that a store writes is longer. */
const LONGEST_ERROR_BYTES = 64 * 1024;

/** Why a store answered with something else than success. Only its code gets into the sentence. */
export interface Refusal {
  readonly status: number;
  /** S3's own word for it; empty where the store sent none. */
  readonly code: string;
}

/** Reads the answer to its end. */
export async function refusalOf(response: StoreAnswer, watch: StallWatch): Promise<Refusal> {
  const text = await textOf(response, { watch, limit: LONGEST_ERROR_BYTES });
  const [, code = ''] = /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(text) ?? [];
  return { status: response.status, code };
}

export function errorOf({ status, code }: Refusal, what: string): DataError {
  const fault = (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : BY_STATUS[status]) ?? byKind(status);
  const text = `${what}: ${fault.sentence} (${[status, code].filter(Boolean).join(' ')}).`;
  return new DataError(fault.code, text, { retryable: fault.retryable });
}

/** True where the data are not there, for whatever reason. */
export function isOfAbsence({ code }: DataError): boolean {
  return code === 'DATA_GONE' || code === 'DATA_STORE_UNKNOWN';
}

function byKind(status: number): Fault {
  // Some stores answer with success before they know, and name an error in the body.
  if (status >= 500 || status < 300) return BUSY;
  return {
    code: 'DATA_STORE_REFUSED',
    sentence: "the store refuses the request, and not as S3 does: check 'url'",
  };
}

/** What a failed request, or a stream that broke, means to the caller. */
export function errorOfConnection(error: unknown, { what, signal }: StallWatch): IntersectError {
  if (signal.aborted && signal.reason instanceof IntersectError) return signal.reason;
  if (error instanceof IntersectError) return error;
  const reason = reasonOf(error);
  if (isOfCertificate(reason)) {
    const text = `${what}: the certificate of the store is not trusted (${reason}); the option 'ca' names whom to trust.`;
    return new DataError('DATA_STORE_AWAY', text, { cause: error, retryable: false });
  }
  const text = `${what}: the store can't be reached, or the connection broke (${reason}); check that it runs, and 'url'.`;
  return new DataError('DATA_STORE_AWAY', text, { cause: error });
}

function reasonOf(error: unknown): string {
  const { code, message } = ((error as { cause?: unknown } | undefined)?.cause ?? error) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  return String(code ?? message ?? 'no reason given');
}

function isOfCertificate(reason: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(reason);
}

/** A text of the store's, and nothing beyond the limit. Throws DATA_STORE_AWAY where it does not come. */
export async function textOf(
  response: StoreAnswer,
  { watch, limit }: { readonly watch: StallWatch; readonly limit: number },
): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let size = 0; ; ) {
      watch.begin();
      const { done, value } = await reader.read();
      watch.pause();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      text += decoder.decode(value, { stream: true });
      if (size <= limit) continue;
      await reader.cancel();
      return text;
    }
  } catch (error) {
    throw errorOfConnection(error, watch);
  }
}
