import type { UserspaceHeaders } from '@intersect-sdk/core';
import { TIMEOUT_HEADER } from '@intersect-sdk/core/internal';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';
import type { Arrival } from '../request/arrival.js';

/** Ends the handling of a request that nobody waits for any more: it gets no answer. */
export class Expired extends Error {
  constructor({ operationId, source }: UserspaceHeaders, timeoutMs: number) {
    super(
      [
        `The request ${operationId} of ${source} was not run: it came with ${timeoutMs} ms left for its answer,`,
        'and they were over before its turn came.',
      ].join(' '),
    );
  }
}

interface AgedRequest {
  readonly headers: UserspaceHeaders;
  /** All headers as they came. */
  readonly raw: Readonly<Record<string, string>>;
  readonly arrival: Arrival;
}

/** Throws Expired for a request whose asker has given up by now. What the broker delivered no longer expires there. */
export function throwIfExpired({ headers, raw, arrival }: AgedRequest): void {
  const given = raw[TIMEOUT_HEADER];
  if (given === undefined) return;
  const timeoutMs = Number(given);
  // What is no time is no reason to leave a request undone.
  if (timeoutMs > 0 && performance.now() - arrival.atMs >= timeoutMs) throw new Expired(headers, timeoutMs);
}

/** Throws a Refusal for a request that was made too long ago, by its asker's clock and this machine's. */
export function throwIfTooOld({ createdAt, operationId }: UserspaceHeaders, maxAgeMs: number): void {
  const madeAtMs = Date.parse(createdAt);
  const nowMs = Date.now();
  if (nowMs - madeAtMs <= maxAgeMs) return;
  const [made, now] = [madeAtMs, nowMs].map((ms) => new Date(ms).toISOString()) as [string, string];
  throw new Refusal('too-old', SENTENCES.tooOld(operationId, { made, now, maxAgeMs }));
}
