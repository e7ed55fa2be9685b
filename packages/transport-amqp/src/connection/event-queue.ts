import { queueNameOf, SubscribeError } from '@intersect-sdk/core';
import type { Listener, SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel, Replies } from 'amqplib';
import { argumentThatDiffers, reasonOf } from '../errors/errors.js';
import { bind, expiresAfter, type OpenQueue, type QueuePlan, tellIfShared, typeArgument } from './queues.js';

/** By what a queue that exists may differ from what is wanted, and still be used. */
const OPTION_OF: Readonly<Record<string, string>> = {
  'x-expires': 'keepEventsMs',
  'x-queue-type': 'queueType',
};

/**
 * The queue of one listener to events. The name that the Python SDK gives is the channel's alone, so all its listeners share one queue,
 * and each gets a part of the events. Ours have a queue each (`eventQueueNameOf`); one of the shared name is left as it is.
 */
export async function openEventQueue(plan: QueuePlan, listener: Listener): Promise<OpenQueue> {
  const opened = plan.topology.isRoot ? await makeQueue(plan, listener) : await findQueue(plan);
  if (opened.queue === plan.name) await tellOfUnusedQueue(plan);
  return opened;
}

async function makeQueue(plan: QueuePlan, listener: Listener): Promise<OpenQueue> {
  const { name, spec, topology, notices } = plan;
  let channel = await plan.openChannel();
  let found: Replies.AssertQueue;
  try {
    const type = typeArgument(topology.queueType?.event);
    found = await channel.assertQueue(name, {
      durable: true,
      expires: expiresAfter(listener),
      arguments: type,
    });
  } catch (error) {
    const differs = argumentThatDiffers(error);
    const option = differs && OPTION_OF[differs.name];
    if (!option) throw error;
    channel = await plan.openChannel();
    found = await channel.checkQueue(name);
    notices.tell(`differs ${name}`, {
      channel: spec.channel,
      message: [
        `Queue '${name}', which keeps the events of ${spec.channel} for this program, exists with another`,
        `${option} (${differs.sentence}). It is used as it is.`,
        `To have it made anew, with the loss of what waits in it: ${removal(plan, name)}`,
      ].join(' '),
    });
  }
  await bind(channel, { queue: name, spec, topology });
  tellIfShared(found, plan);
  return { channel, queue: name };
}

/** For programs that may make no queue: finds the listener's own, or else the shared one. */
async function findQueue(plan: QueuePlan): Promise<OpenQueue> {
  const { name, spec, notices } = plan;
  const own = await look(plan, name);
  if (own) {
    tellIfShared(own.found, plan);
    return { channel: own.channel, queue: name };
  }
  const sharedName = queueNameOf(spec.channel);
  const shared = await look(plan, sharedName);
  if (!shared) throw noQueue(spec, name, sharedName);
  notices.tell(`shared ${sharedName}`, {
    channel: spec.channel,
    message: [
      `The events of ${spec.channel} come from queue '${sharedName}', which every listener to them uses`,
      'that has no queue of its own: each gets a part.',
      `For all of them, ask those who run the broker to make the durable queue '${name}' and to bind it.`,
    ].join(' '),
  });
  return { channel: shared.channel, queue: sharedName };
}

/** A queue of the shared name, which an earlier version of this program may have left, collects events that no program takes. */
async function tellOfUnusedQueue(plan: QueuePlan): Promise<void> {
  const { spec, notices } = plan;
  if (!notices.isNew(spec)) return;
  const sharedName = queueNameOf(spec.channel);
  try {
    const shared = await look(plan, sharedName);
    if (!shared) return;
    await shared.channel.close();
    if (shared.found.consumerCount > 0) return;
    notices.tell(`unused ${sharedName}`, {
      channel: spec.channel,
      message: [
        `Queue '${sharedName}' collects the events of ${spec.channel} too (${shared.found.messageCount}`,
        'now), and no program takes them.',
        'An earlier version of this program may have left it, or a listener of another SDK that is not',
        `running. If nobody needs it: ${removal(plan, sharedName)}`,
      ].join(' '),
    });
  } catch {
    // It is not this program's queue, and nothing here depends on it.
  }
}

/** The queue, if there is one, and a channel that is still open. */
async function look(
  plan: QueuePlan,
  name: string,
): Promise<{ readonly channel: Channel; readonly found: Replies.AssertQueue } | undefined> {
  const channel = await plan.openChannel();
  try {
    return { channel, found: await channel.checkQueue(name) };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason?.code === 404 && reason.text.includes('no queue')) return undefined;
    throw error;
  }
}

function removal({ topology: { vhost } }: QueuePlan, queue: string): string {
  const place = vhost === '/' ? '' : ` --vhost '${vhost}'`;
  return `rabbitmqctl${place} delete_queue ${queue}`;
}

function noQueue(spec: SubscriptionSpec, own: string, shared: string): SubscribeError {
  return new SubscribeError(
    'QUEUE_MISMATCH',
    [
      `Listening to ${spec.channel} needs queue '${own}', or '${shared}' that all listeners share.`,
      'Neither exists, and isRoot: false forbids making one: ask those who run the broker to make the',
      'first, or set isRoot to true.',
    ].join(' '),
  );
}
