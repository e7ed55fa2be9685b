import { isIntersectError, newId } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import type { Finding } from './finding.js';
import { once } from './once.js';
import { messageOn } from './reach.js';

const ARRIVES_WITHIN_MS = 3_000;

/** Whether programs that speak MQTT and programs that speak AMQP meet: whether a message passes from one to the other. */
export async function meeting(mqtt: Transport, amqp: Transport, signal: AbortSignal): Promise<Finding> {
  const check = 'mqtt-meets-amqp';
  const channel = `intersect-doctor/${newId()}/response`;
  const came = once();
  const subscription = await amqp.subscribe(channel, came.happen, { signal });
  try {
    await mqtt.publish(messageOn(channel), { mustRoute: true, timeoutMs: ARRIVES_WITHIN_MS, signal });
    await arrives(came.happened);
    return { check, level: 'ok', text: 'MQTT and AMQP programs meet.' };
  } catch (error) {
    signal.throwIfAborted();
    if (error !== NOT_ARRIVED && !(isIntersectError(error) && error.code === 'UNROUTABLE')) throw error;
    return {
      check,
      level: 'warning',
      text: 'MQTT and AMQP programs do not meet: neither hears of the other.',
      mend: "echo 'mqtt.exchange = intersect-messages' >> /etc/rabbitmq/rabbitmq.conf && systemctl restart rabbitmq-server",
    };
  } finally {
    await subscription.unsubscribe();
  }
}

const NOT_ARRIVED = new Error('The message did not arrive.');

async function arrives(happened: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(NOT_ARRIVED), ARRIVES_WITHIN_MS);
  });
  await Promise.race([happened, late]).finally(() => clearTimeout(timer));
}
