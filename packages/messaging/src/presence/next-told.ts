import type { Integers, WireMessage } from '@intersect-sdk/core';
import { onAbort, type Wire } from '@intersect-sdk/core/internal';
import { MAX_PAYLOAD_BYTES } from '../ask/intake-limits.js';
import type { BrokerGroup } from '../brokers/broker-group.js';
import type { GroupDelivery } from '../brokers/group-subscription.js';
import { LostDigits } from '../observe/lost-digits.js';
import type { Observers } from '../observe/observers.js';
import type { KnownDescription } from './description.js';
import { lifecycleHeadersOf, readTold } from './told-message.js';

export interface NextToldOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  readonly observers: Observers;
  readonly maxPayloadBytes?: number | undefined;
  readonly integers?: Integers | undefined;
}

/** Resolves with the next description that a service sends by itself. Rejects where brokers refuse to listen; never settles after an abort. */
export type NextTold = (address: string, signal: AbortSignal) => Promise<KnownDescription>;

export function nextToldOf(options: NextToldOptions): NextTold {
  const { wire, brokers, observers, integers, maxPayloadBytes = MAX_PAYLOAD_BYTES } = options;
  const reading = { wire, maxPayloadBytes, lostDigits: new LostDigits(observers, { integers }) };
  return (address, signal) =>
    new Promise((resolve, reject) => {
      const onMessage = (message: WireMessage, { broker }: GroupDelivery): void => {
        try {
          const headers = lifecycleHeadersOf(message, wire);
          const { lifecycleType } = headers;
          if (lifecycleType !== 'LCT_STARTUP' && lifecycleType !== 'LCT_POLLING') return;
          const { schema, statuses } = readTold(message, headers, reading);
          if (schema) resolve({ schema, statuses, toldAtMs: Date.now() });
        } catch (error) {
          const { channel } = message;
          observers.refused({ kind: 'message-refused', channel, broker: broker.name, error }, message);
        }
      };
      const channel = wire.lifecycleChannel(address);
      brokers
        .subscribe(channel, onMessage, { retention: 'none', concurrency: 1, signal })
        .then((subscription) => {
          const leave = (): void => void subscription.unsubscribe();
          if (signal.aborted) leave();
          else onAbort(signal, leave);
        }, reject);
    });
}
