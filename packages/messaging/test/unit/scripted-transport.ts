import {
  type IllegalStateError,
  PublishError,
  type TransportError,
  type WireMessage,
} from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';

export const message = (channel = 'org/fac/sys/-/svc/request'): WireMessage => ({
  channel,
  payload: new Uint8Array(),
  contentType: 'application/json',
  headers: {},
});

/** A transport whose publishes end as the script says, and are counted. */
export interface ScriptedTransport extends Transport {
  readonly published: WireMessage[];
}

export function scriptedTransport(
  name: string,
  outcome?: 'UNROUTABLE' | 'PUBLISH_REFUSED' | 'PUBLISH_TIMEOUT' | IllegalStateError | TransportError,
): ScriptedTransport {
  const transport = memoryTransport(new MemoryBroker(), { name });
  const published: WireMessage[] = [];
  const publish: Transport['publish'] = async (sent) => {
    published.push(sent);
    if (outcome !== undefined) throw typeof outcome === 'string' ? new PublishError(outcome, name) : outcome;
  };
  return Object.assign(transport, { published, publish });
}
