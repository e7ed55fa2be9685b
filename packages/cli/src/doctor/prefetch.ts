import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import type { Finding } from './finding.js';
import { once } from './once.js';
import { messageOn } from './reach.js';

/** RabbitMQ's own limit. One more message is sent than that, and nothing is acknowledged meanwhile. */
const USUAL_PREFETCH = 10;
/** How long the message after the last one may take. It comes at once or never. */
const NEXT_MS = 500;

/**
 * Whether an MQTT broker hands out more messages than RabbitMQ's ten before the first is done. With ten, services whose handlers ask each
 * other stand still when ten requests wait on both sides.
 */
export async function prefetch(transport: Transport, signal: AbortSignal): Promise<Finding> {
  const check = 'mqtt-prefetch';
  const channel = `intersect-doctor/${newId()}/response`;
  const ended = once();
  let handed = 0;
  let onHanded = () => {};
  const subscription = await transport.subscribe(
    channel,
    () => {
      handed++;
      onHanded();
      return ended.happened;
    },
    { retention: 'session', concurrency: 2 * USUAL_PREFETCH, signal },
  );
  try {
    const all = new Promise<void>((resolve) => {
      onHanded = () => {
        if (handed > USUAL_PREFETCH) resolve();
      };
    });
    for (let n = 0; n <= USUAL_PREFETCH; n++) await transport.publish(messageOn(channel), { signal });
    await Promise.race([all, wait(NEXT_MS, undefined, { signal })]);
    if (handed > USUAL_PREFETCH) {
      return {
        check,
        level: 'ok',
        text: `More than ${USUAL_PREFETCH} requests may be at work at once over MQTT.`,
      };
    }
    return {
      check,
      level: 'warning',
      text: `Over MQTT the broker hands out ${handed} requests, and the next one only when one is done: services that ask each other can stand still.`,
      mend: "echo 'mqtt.prefetch = 100' >> /etc/rabbitmq/rabbitmq.conf && systemctl restart rabbitmq-server",
    };
  } finally {
    ended.happen();
    await subscription.unsubscribe();
  }
}
