import { isIntersectError } from '@intersect-sdk/core';
import type { DataPointer } from '@intersect-sdk/core/internal';
import type { DataPlane } from '../data/data-plane.js';

interface RequestDataOptions {
  /** Whether what lies in a data store for the request stays there; undefined: as the program does usually. */
  readonly keepData: boolean | undefined;
  /** The answer is wanted as a stream, which any of these ends, also after the request. */
  readonly streamUntil?: readonly AbortSignal[] | undefined;
}

/** What travels by reference for one request: its argument, its answer, or both. */
export class RequestData {
  readonly keepData: boolean | undefined;
  readonly isStream: boolean;
  /** Where the argument lies. */
  argument: DataPointer | undefined;
  /** Whether an answer has come in and its data are being read. */
  reading = false;
  /** What the data store could not do last. */
  failure: Error | undefined;
  /** Ends what is being put or read for the request. */
  readonly signal: AbortSignal;
  readonly #transfer = new AbortController();
  #handedOver = false;

  constructor({ keepData, streamUntil }: RequestDataOptions) {
    this.keepData = keepData;
    this.isStream = streamUntil !== undefined;
    const own = this.#transfer.signal;
    this.signal = streamUntil ? AbortSignal.any([own, ...streamUntil]) : own;
  }

  readonly onFailed = (error: Error): void => {
    this.failure = error;
  };

  /** The stream of the answer has a reader, and no longer ends with the request. */
  handOver(): void {
    this.#handedOver = true;
  }

  /** The request has ended, one way or the other. */
  end(): void {
    if (!this.#handedOver) this.#transfer.abort();
  }

  /** The service could not read the argument: what lies there is for whoever looks for the reason, until it expires. */
  leaveArgument(): void {
    this.argument = undefined;
  }

  /** Deletes the argument of a request that ended with this error, if nobody will read it any more: no one got the request, or it was refused. */
  removeArgument(plane: DataPlane, handedOver: boolean, error?: unknown): void {
    if (!this.argument) return;
    const isOver = isIntersectError(error) && (error.code === 'REMOTE_ERROR' || !error.mayHaveRun);
    if (isOver || !handedOver) void plane.remove(this.argument, this.keepData);
  }
}
