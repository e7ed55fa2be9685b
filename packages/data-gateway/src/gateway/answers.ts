import type { StoredData, StoredPointer } from '@intersect-sdk/core';
import { isContentType } from '@intersect-sdk/core/internal';
import type { GatewayFacts, Problem } from '../api.js';
import type { Refusal } from './refusal.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * With every answer. Data that strangers made are never shown as a page of this origin: they are saved, not opened, their type is not
 * guessed, and nothing in them is run. No cache keeps them, and no proxy changes them.
 */
const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store, no-transform',
  'content-disposition': 'attachment',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Data, or only what they are, for `HEAD`. */
export function dataAnswer(
  { contentType, size }: StoredData,
  body: ReadableStream<Uint8Array> | null,
): Response {
  const headers = {
    'content-type': isContentType(contentType) ? contentType : 'application/octet-stream',
    ...(size !== undefined && { 'content-length': String(size) }),
  };
  return new Response(body as BodyInit | null, { headers });
}

/** Names each field, because a store may give more than a page should know. */
export function pointerAnswer({ url, bucket, objectId, sha256, size, existed }: StoredPointer): Response {
  return jsonAnswer(201, { url, bucket, objectId, sha256, size, existed } satisfies StoredPointer);
}

export function factsAnswer(facts: GatewayFacts): Response {
  return jsonAnswer(200, facts);
}

export function uploadAnswer(upload: string): Response {
  return jsonAnswer(201, { upload });
}

export function emptyAnswer(): Response {
  return new Response(null, { status: 204 });
}

export function problemAnswer({ status, code, message }: Refusal): Response {
  const answer = jsonAnswer(status, { code, message } satisfies Problem);
  if (status === 401) answer.headers.set('www-authenticate', 'Bearer');
  if (status === 503) answer.headers.set('retry-after', '1');
  return answer;
}

function jsonAnswer(status: number, value: object): Response {
  return new Response(JSON.stringify(value), { status, headers: JSON_TYPE });
}

/** The answer to the question of a browser whether a page of another origin may ask. */
export function preflightAnswer(): Response {
  const headers = {
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
  };
  return new Response(null, { status: 204, headers });
}

/** The answer as it goes out: safe for the page, and readable by pages of the origin, if it is an allowed one. */
export function sealed(answer: Response, origin: string | undefined): Response {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) answer.headers.set(name, value);
  answer.headers.set('vary', 'origin');
  if (origin !== undefined) answer.headers.set('access-control-allow-origin', origin);
  return answer;
}
