import { acceptHeaderOf, type RequestOptions } from '@intersect-sdk/core/internal';
import type { ArrivedAnswer } from '../answers/responses.js';
import type { IncomingItems } from './incoming-items.js';
import { StreamRuns } from './stream-runs.js';

/** How long a service may be silent, where the caller wants to know how far it is and says no other time. */
const IDLE_TIMEOUT_MS = 60_000;

/** What a request takes besides one answer. */
export interface RequestParts {
  readonly onProgress: RequestOptions['onProgress'];
  /** How long the service may be silent once it has the request; undefined: as long as the request waits. */
  readonly idleTimeoutMs: number | undefined;
  /** Whether the request may last as long as the service gives signs of life. */
  readonly isOpenEnded: boolean;
  /** Where the items go, if it is a stream. */
  readonly items: IncomingItems | undefined;
  /** The service understands parts: it has sent one. */
  isTaken: boolean;
  /** Which process gives what comes, where several have the request. */
  readonly runs: StreamRuns;
  /** The caller has ended it. */
  isCancelled: boolean;
  /** The answer, which came before some of the items. */
  held: ArrivedAnswer | undefined;
  /** When items that are missing were asked for, and when the service was told how far the reader is, on the clock of `performance.now()`. */
  askedAtMs: number;
  toldAtMs: number;
  /** Asks for missing items again. */
  asking: ReturnType<typeof setTimeout> | undefined;
}

/** Undefined for a request that takes one answer and nothing else, as nearly all do. */
export function partsFor(
  { onProgress, idleTimeoutMs, signal, timeoutMs }: RequestOptions,
  items: IncomingItems | undefined,
): RequestParts | undefined {
  // Who can abort it expects that the instrument stops then, which only one can be told that has taken part.
  if (!onProgress && idleTimeoutMs === undefined && !signal && !items) return undefined;
  const watches = onProgress !== undefined || items !== undefined;
  return {
    onProgress,
    idleTimeoutMs: idleTimeoutMs ?? (watches ? IDLE_TIMEOUT_MS : undefined),
    isOpenEnded: timeoutMs === undefined && (idleTimeoutMs !== undefined || items !== undefined),
    items,
    isTaken: false,
    runs: new StreamRuns(),
    isCancelled: false,
    held: undefined,
    askedAtMs: Number.NEGATIVE_INFINITY,
    toldAtMs: performance.now(),
    asking: undefined,
  };
}

/** For the header of the request; undefined for nearly all. `takesItems`: it can say how far it has read them. */
export function acceptedBy(
  parts: RequestParts | undefined,
  { takesItems, acceptsBusy }: { readonly takesItems: boolean; readonly acceptsBusy: boolean },
): string | undefined {
  if (!parts && !acceptsBusy) return undefined;
  return acceptHeaderOf({ parts: parts !== undefined, stream: takesItems, busy: acceptsBusy });
}
