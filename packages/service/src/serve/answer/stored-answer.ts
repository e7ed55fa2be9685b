import type { DataSource } from '@intersect-sdk/core/internal';
import type { DataPlane, StoredPayload, StoreWait } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../../compile/compiled.js';
import type { Answer } from './replies.js';
import { Refusal } from './request-refusal.js';
import { SENTENCES } from './sentences.js';

/** What a handler gave, encoded; or as it gives it, where that comes piece by piece. */
export interface GivenAnswer extends Answer {
  /** Then there is no payload yet. */
  readonly source?: DataSource | undefined;
  /** All of it went out before, item by item. */
  readonly isSent?: boolean | undefined;
}

/** Whether the answer goes out as it is, as nearly all do. */
export function isReady(answer: GivenAnswer, operation: CompiledOperation, data: DataPlane): boolean {
  if (answer.source !== undefined) return false;
  if (answer.isSent) return true;
  return operation.answerDataHandler === 'MESSAGE' && !data.offloads(answer.payload.byteLength);
}

interface StoringOptions {
  readonly operation: CompiledOperation;
  readonly data: DataPlane;
  /** Of the request; the same request gives the same object. */
  readonly messageId: string;
  readonly wait: StoreWait;
}

/** The answer with its data in the store, or gathered from what gives them piece by piece. Rejects with a Refusal. */
export async function completeAnswer(answer: GivenAnswer, options: StoringOptions): Promise<Answer> {
  const { operation, data, messageId, wait } = options;
  const { contentType, source } = answer;
  try {
    let payload: Uint8Array | DataSource = source ?? answer.payload;
    const mayGather =
      operation.answerDataHandler === 'MESSAGE' && !(operation.storesStreams && data.canStore);
    if (mayGather) {
      payload = await data.gather(payload, `The answer of ${operation.fullName}`);
      if (!data.offloads(payload.byteLength)) return { payload, contentType, dataHandler: 'MESSAGE' };
    }
    const stored: StoredPayload = await data.put(
      { data: payload, contentType, key: `${messageId}-answer` },
      wait,
    );
    return { payload: stored.payload, contentType, dataHandler: 'MINIO', stored };
  } catch (error) {
    throw new Refusal('data-not-stored', SENTENCES.dataNotStored(), error);
  }
}
