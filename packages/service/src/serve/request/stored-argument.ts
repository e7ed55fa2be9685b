import { isIntersectError } from '@intersect-sdk/core';
import { type DataPointer, type FurtherHeaders, UNREAD_HEADER } from '@intersect-sdk/core/internal';
import type { DataPlane, StoreWait, StreamEnd } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../../compile/compiled.js';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';

interface StoredRequest {
  readonly payload: Uint8Array;
  /** All headers as they came. */
  readonly raw: Readonly<Record<string, string>>;
  answerHeaders: FurtherHeaders | undefined;
  argument: DataPointer | undefined;
  closeArgument: (() => void) | undefined;
}

/**
 * The argument of a request out of the data store. The request is told where it lies, so that it is deleted once the answer is out, unless
 * reading it failed: then the asker is told that it stays. Rejects with a Refusal.
 */
export async function fetched(
  { fullName, takesStream }: CompiledOperation,
  request: StoredRequest,
  { data, wait }: { readonly data: DataPlane; readonly wait: StoreWait },
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const what = `The data of a request for ${fullName}`;
  const message = { payload: request.payload, headers: request.raw };
  const leave = (): void => {
    request.argument = undefined;
    request.answerHeaders = { ...request.answerHeaders, [UNREAD_HEADER]: 'true' };
  };
  try {
    if (takesStream) {
      const onEnded = (end: StreamEnd): void => {
        if (end === 'failed') leave();
      };
      const { pointer, body, close } = await data.open(message, { ...wait, what, onEnded });
      request.argument = pointer;
      request.closeArgument = close;
      return body;
    }
    const { pointer, bytes } = await data.read(message, { ...wait, what });
    request.argument = pointer;
    return bytes;
  } catch (error) {
    leave();
    if (isIntersectError(error) && error.code === 'DATA_TOO_LARGE') {
      throw new Refusal('payload-too-large', SENTENCES.dataTooLarge(fullName, data.maxDataBytes), error);
    }
    throw new Refusal('data-not-fetched', SENTENCES.dataNotFetched(), error);
  }
}
