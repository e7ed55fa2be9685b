import { ConfigError } from '@intersect-sdk/core';
import type { Pem } from '../pem.js';
import type { Send } from './send.js';

/** A browser sends a stream only over HTTP/2, and never one whose size is told beforehand. */
export const canSendPieces = false;

/** Sends by `fetch`. Throws ConfigError for `ca`: no page can choose whom its browser trusts. */
export function sender(ca: Pem | undefined): Send {
  if (ca !== undefined) {
    const message = 'must be left out: a browser brings its own certificates';
    throw new ConfigError('The data store cannot be reached', [{ path: 'ca', message }]);
  }
  return ({ url, method, headers, body }, { signal }) =>
    // Where a store sends us is not a place that the program has named.
    fetch(url, { method, headers, signal, redirect: 'manual', body: (body as BodyInit | undefined) ?? null });
}
