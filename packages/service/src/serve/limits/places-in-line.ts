import { acceptsOf, type FurtherHeaders, REFUSAL_HEADER } from '@intersect-sdk/core/internal';
import type { CompiledOperation } from '../../compile/compiled.js';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';
import type { Arrival } from '../request/arrival.js';
import type { Cancellation, Semaphore } from './semaphore.js';
import { takePlaces } from './take-places.js';

interface WaitingRequest {
  /** All headers as they came. */
  readonly raw: Readonly<Record<string, string>>;
  readonly arrival: Arrival;
  readonly live: Cancellation | undefined;
  answerHeaders: FurtherHeaders | undefined;
}

/**
 * As `takePlaces`, for a request that is acknowledged when its handler begins: no more than some of them wait, so that the others don't
 * wait behind them at the broker. Throws a Refusal for one more whose asker understands it.
 */
export function takePlacesInLine(
  operation: CompiledOperation,
  all: Semaphore,
  request: WaitingRequest,
): Promise<void> | undefined {
  const { waiting } = request.arrival;
  const { slots: own, shared, fullName } = operation;
  const isFree = !(own?.full || shared?.full || all.full);
  if (isFree || waiting === undefined) return takePlaces(operation, all, request.live);
  if (waiting.full && acceptsOf(request.raw).busy) {
    request.answerHeaders = { ...request.answerHeaders, [REFUSAL_HEADER]: 'busy' };
    throw new Refusal('busy', SENTENCES.busy(fullName));
  }
  waiting.enter();
  return takePlaces(operation, all, request.live)?.finally(() => waiting.leave());
}
