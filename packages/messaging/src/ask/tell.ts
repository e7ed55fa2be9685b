import type { WireMessage } from '@intersect-sdk/core';
import { onAbort, type Wire } from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../brokers/broker-group.js';
import type { DataPlane } from '../data/data-plane.js';
import type { CheckedRequest } from './parameters.js';
import type { SendOptions } from './pending-request.js';
import { RequestData } from './request-data.js';
import { travelsAlone, withArgument } from './request-message.js';

interface TellOptions extends Pick<SendOptions, 'keepData' | 'onFailed'> {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  readonly data: DataPlane;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends a request whose answer nobody waits for; resolves when a broker has accepted it. */
export async function tell(
  request: CheckedRequest,
  message: WireMessage,
  options: TellOptions,
): Promise<void> {
  const { brokers, data, timeoutMs, signal, keepData, onFailed } = options;
  const told = new RequestData({ keepData });
  const stopListening = onAbort(signal, () => told.end());
  let whole = message;
  let handedOver = false;
  try {
    if (!travelsAlone(request, data)) {
      whole = await withArgument(message, request, { ...options, told, withinMs: timeoutMs });
    }
    await brokers.publishToOne(whole, {
      durable: true,
      mustRoute: true,
      timeoutMs,
      signal,
      expiresAfterMs: request.expiresInMs,
      onHandedOver: () => {
        handedOver = true;
      },
    });
  } catch (error) {
    told.removeArgument(data, handedOver, error);
    onFailed?.(whole);
    throw error;
  } finally {
    stopListening();
  }
}
