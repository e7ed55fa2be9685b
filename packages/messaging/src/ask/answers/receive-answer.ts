import type { Response, StreamedResponse } from '@intersect-sdk/core/internal';
import type { DataPlane } from '../../data/data-plane.js';
import { streamOfBytes } from '../../data/stream-of-bytes.js';
import type { RequestData } from '../request-data.js';
import { type ArrivedAnswer, type ReadingOptions, responseOf, streamedResponseOf } from './responses.js';

interface Receiver {
  readonly told: RequestData;
  readonly plane: DataPlane;
  /** Whether somebody still waits for the answer. */
  readonly isWanted: () => boolean;
  readonly resolve: (response: Response | StreamedResponse) => void;
}

/**
 * Takes in an answer whose data lie in a store, or are wanted as a stream. They are deleted once they were read, and stay where that fails.
 * Rejects with what reading them fails with.
 */
export async function receiveAnswer(
  arrived: ArrivedAnswer,
  reading: ReadingOptions,
  { told, plane, isWanted, resolve }: Receiver,
): Promise<void> {
  const { message, headers } = arrived;
  const { signal, onFailed, keepData } = told;
  told.reading = true;
  const what = `The data of the answer of ${headers.source} to ${headers.operationId}`;
  if (!told.isStream) {
    const { pointer, bytes } = await plane.read(message, { what, signal, onFailed });
    resolve(responseOf(arrived, bytes, reading));
    void plane.remove(pointer, keepData);
    return;
  }
  const opened =
    headers.dataHandler === 'MESSAGE'
      ? { body: streamOfBytes(message.payload), size: message.payload.byteLength, close: () => {} }
      : await plane.open(message, { what, signal, onFailed, removeWhenRead: true, keepData });
  if (!isWanted()) return opened.close();
  told.handOver();
  resolve(streamedResponseOf(arrived, opened, reading));
}
