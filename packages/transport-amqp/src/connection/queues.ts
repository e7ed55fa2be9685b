import type { SessionOptions, SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel, Options, Replies } from 'amqplib';
import type { QueueType } from '../queue-types.js';
import type { Notices } from './notices.js';
import { routingKeyOf, type Topology } from './topology.js';

/** What a subscription's queue is looked for, or made, with. */
export interface QueuePlan {
  readonly topology: Topology;
  readonly spec: SubscriptionSpec;
  /** Empty when the broker shall choose. */
  readonly name: string;
  readonly notices: Notices;
  /** RabbitMQ closes a channel with each refusal, so a second try needs another one. */
  openChannel(): Promise<Channel>;
}

/** A queue that exists and gets its messages, and a channel to use it on. */
export interface OpenQueue {
  readonly channel: Channel;
  readonly queue: string;
}

/** Makes sure that the queue of a subscription exists and gets its messages. For those of listeners to events there is `openEventQueue`. */
export async function openQueue(plan: QueuePlan): Promise<OpenQueue> {
  const { spec, topology, name } = plan;
  const channel = await plan.openChannel();
  const onlyLooks = spec.retention === 'durable' && !topology.isRoot;
  const found = onlyLooks
    ? await channel.checkQueue(name)
    : await channel.assertQueue(name, queueOptions(spec, topology));
  if (!onlyLooks) await bind(channel, { queue: found.queue, spec, topology });
  if (spec.retention === 'durable') tellIfShared(found, plan);
  return { channel, queue: found.queue };
}

export async function bind(
  channel: Channel,
  { queue, spec, topology }: { readonly queue: string } & Pick<QueuePlan, 'spec' | 'topology'>,
): Promise<void> {
  await channel.bindQueue(queue, topology.exchange, routingKeyOf(spec.channel));
}

/** Two programs with one address share what comes to it. */
export function tellIfShared(
  { queue, consumerCount }: Replies.AssertQueue,
  { spec, notices, topology }: QueuePlan,
): void {
  // Made again after a lost connection, it may find the consumer of that one.
  if (spec.shared || !notices.isNew(spec) || consumerCount === 0) return;
  // Once for each program, of which several can be on one connection.
  notices.tell(`shared ${topology.session.id}`, {
    channel: spec.channel,
    message: [
      `Another program takes messages of ${spec.channel} too: queue '${queue}' had a consumer already.`,
      'The two share what comes in, each gets a part.',
      'Give each program a name of its own; or, for several instances of one service, give each `replicas: true`,',
      'without which they take answers of each other.',
      '(Just after a crash it can be the connection of the run before, which the broker has not noticed',
      'to be gone.)',
    ].join(' '),
  });
}

/** No argument more than the reference's for durable queues: the broker refuses a queue that exists with others. */
function queueOptions(
  { retention }: SubscriptionSpec,
  { session, queueType }: Topology,
): Options.AssertQueue {
  switch (retention) {
    case 'durable':
      return { durable: true };
    case 'session':
      return {
        durable: true,
        expires: expiresAfter(session),
        // The broker can take a lost connection for alive. Beside its consumer the new one would be sent the later messages first.
        arguments: { 'x-single-active-consumer': true, ...typeArgument(queueType?.session) },
      };
    case 'none':
      // Exclusive, and so classic whatever the default is: a quorum queue belongs to nobody alone.
      return { durable: false, exclusive: true, autoDelete: true };
  }
}

/** The argument that asks for a type; none leaves it to the virtual host. */
export function typeArgument(type: QueueType | undefined): Readonly<Record<string, string>> {
  return type ? { 'x-queue-type': type } : {};
}

export function expiresAfter({ keepForMs }: Pick<SessionOptions, 'keepForMs'>): number {
  return Math.max(1, Math.ceil(keepForMs));
}
