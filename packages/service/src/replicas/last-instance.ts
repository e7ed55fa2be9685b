import { isIntersectError, type WireMessage } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, INSTANCE_HEADER } from '@intersect-sdk/core/internal';
import type { BrokerGroup, GroupSubscription } from '@intersect-sdk/messaging';

const ASK_TIMEOUT_MS = 5_000;

/** What an instance that has ended its subscription to requests asks by. */
export interface Farewell {
  readonly brokers: BrokerGroup;
  /** The subscription, ended already. */
  readonly requests: GroupSubscription;
  readonly requestChannel: string;
  readonly instanceId: string;
}

/**
 * Whether another instance takes requests. Where the broker doesn't count them, as over MQTT, a message on the request channel finds out:
 * the broker says whether it reached anybody. In doubt there is one: SHUTDOWN that is not told is noticed later, one too many misleads.
 */
export async function othersTakeRequests({
  brokers,
  requests,
  requestChannel: channel,
  instanceId,
}: Farewell): Promise<boolean> {
  const count = await requests.others();
  if (count !== undefined) return count > 0;
  const question: WireMessage = {
    channel,
    payload: new Uint8Array(),
    contentType: DEFAULT_CONTENT_TYPE,
    headers: { [INSTANCE_HEADER]: instanceId },
  };
  try {
    await brokers.publishToAll(question, { durable: true, mustRoute: true, timeoutMs: ASK_TIMEOUT_MS });
    return true;
  } catch (error) {
    return !(isIntersectError(error) && error.code === 'UNROUTABLE');
  }
}

/** What `othersTakeRequests` of another instance sent: it is answered by having come in. */
export function isFarewell({ headers, payload }: WireMessage): boolean {
  if (headers[INSTANCE_HEADER] === undefined || payload.byteLength > 0) return false;
  return Object.keys(headers).length === 1;
}
