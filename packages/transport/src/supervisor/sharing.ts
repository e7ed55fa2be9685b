import { SubscribeError } from '@intersect-sdk/core';
import type { Sharing } from '../contract.js';
import type { Link, SubscriptionSpec } from '../driver.js';

/** Throws SUBSCRIBE_REFUSED where the broker gives all messages, or none, to each that subscribes. */
export function assertShareable(channel: string, sharing: Sharing | undefined): void {
  if (sharing === 'queue' || sharing === 'sessions') return;
  throw new SubscribeError(
    'SUBSCRIBE_REFUSED',
    [
      `Several instances cannot share the messages of ${channel} here: the broker has no shared subscriptions over`,
      'this protocol, as it says when connecting (RabbitMQ has none over MQTT, and would deliver nothing).',
      'Connect over AMQP, use a broker that has them, such as mosquitto, or run one instance without `replicas`.',
    ].join(' '),
  );
}

/** Part of what is known of a wanted subscription. */
interface Counted {
  readonly spec: SubscriptionSpec;
  readonly link: Link | undefined;
  readonly ended: boolean;
}

/** How many others share its messages; undefined where nobody can tell. Never rejects. */
export async function othersOf(wanted: Counted, link: Link | undefined): Promise<number | undefined> {
  const own = !wanted.ended && wanted.link === link ? 1 : 0;
  try {
    const all = await link?.consumersOf?.(wanted.spec);
    return all === undefined ? undefined : Math.max(0, all - own);
  } catch {
    return undefined;
  }
}
