import type { Wire } from '@intersect-sdk/core/internal';
import type { Observers } from '../observe/observers.js';
import type { CheckedRequest } from './parameters.js';
import type { SendOptions } from './pending-request.js';

interface Asker {
  readonly wire: Wire;
  readonly observers: Observers;
  readonly source: string;
  readonly campaignId: string;
}

interface Leaving extends Pick<SendOptions, 'headers'> {
  readonly kind: 'request' | 'message';
  readonly requestId: string;
}

/** Tells observers of a request that leaves; undefined, and nothing made, where nobody wants to know. */
export function depart(
  { destination, operation, payload }: CheckedRequest,
  { kind, requestId, headers }: Leaving,
  { observers, wire, source, campaignId }: Asker,
): ReturnType<Observers['depart']> | undefined {
  if (!observers.seesDepartures) return undefined;
  const channel = wire.requestChannel(destination);
  const bytes = payload.byteLength;
  const departure = { kind, channel, source, bytes, destination, operation, requestId, campaignId };
  return observers.depart(departure, headers);
}
