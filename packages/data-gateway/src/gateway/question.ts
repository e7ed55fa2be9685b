import type { DataToPut } from '@intersect-sdk/core';
import { isContentType, isDataKey } from '@intersect-sdk/core/internal';
import { QUERY } from '../api.js';
import { malformed, tooLarge } from './refusal.js';

const KNOWN: ReadonlySet<string> = new Set(Object.values(QUERY));

/** The query, where each name is known and stands there once, so that nobody on the way can read it otherwise. */
export function queryOf(params: URLSearchParams): ReadonlyMap<string, string> {
  const names = [...params.keys()];
  if (names.some((name) => !KNOWN.has(name))) {
    throw malformed(`The query may have ${[...KNOWN].join(', ')}, and nothing else.`);
  }
  if (new Set(names).size < names.length) throw malformed('Nothing may stand in the query twice.');
  return new Map(params);
}

/** A whole number that a page gave as text. */
export function numberOf(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw malformed(`${name} must be a whole number.`);
  return Number(text);
}

/** How many bytes the request says that it has; undefined where it does not say it. */
export function sizeIn(headers: Headers): number | undefined {
  const said = headers.get('content-length');
  return said === null ? undefined : numberOf(said, 'Content-Length');
}

interface PutRules {
  readonly query: ReadonlyMap<string, string>;
  readonly size: number | undefined;
  readonly owner: string;
  readonly maxDataBytes: number;
}

/** What a request that puts data, or begins to, says of them. */
export function toPut(
  { headers }: Request,
  { query, size, owner, maxDataBytes }: PutRules,
): Omit<DataToPut, 'body'> {
  const contentType = headers.get('content-type') ?? 'application/octet-stream';
  if (!isContentType(contentType)) {
    throw malformed('Content-Type must be a type without parameters, such as image/png.');
  }
  const key = query.get(QUERY.key);
  if (key !== undefined && !isDataKey(key)) {
    throw malformed('key must be up to 200 letters, digits, hyphens and underscores.');
  }
  if (size !== undefined && size > maxDataBytes) throw tooLarge(maxDataBytes);
  return { contentType, owner, size, key };
}
