// Classic queues become quorum queues by the commands of docs/production.md, with what waits in them.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { queueNameOf, requestChannel } from '@intersect-sdk/core';
import { listQueues, type RabbitmqHandle } from '@intersect-sdk/test-brokers';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { expect, test } from 'vitest';
import { record } from '../lib/fault-table.js';
import { ownRabbitmq } from '../lib/own-rabbitmq.js';
import { until } from '../lib/waiting.js';

const WAITING = 500;

const page = readFileSync(new URL('../../../docs/production.md', import.meta.url), 'utf8');

/** The commands of the page that move one queue, each as its words, with the queue's name in them. */
function commandsFor(queue: string): string[][] {
  const [, block = ''] = /<!-- moving -->\s*```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const lines = block.replaceAll('\\\n', ' ').replaceAll('$QUEUE', queue).split('\n');
  return lines
    .filter((line) => line.startsWith('rabbitmqctl'))
    .map((line) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, '')));
}

/** What `rabbitmq-plugins enable rabbitmq_shovel` does, on a broker whose folder of plugins is not ours. */
async function enableShovel({ rabbitmqctl }: RabbitmqHandle): Promise<void> {
  const add = '[code:add_patha(P) || P <- filelib:wildcard("/usr/lib/rabbitmq/lib/*/plugins/*/ebin")]';
  const start =
    '{ok, _} = application:ensure_all_started(amqp10_client), rabbit:start_apps([rabbitmq_shovel])';
  await rabbitmqctl('eval', `${add}, ${start}, ok.`);
}

test('a classic request queue becomes a quorum queue with what waits in it', {
  timeout: 180_000,
}, async (context) => {
  await using own = await ownRabbitmq(context);
  const { rabbitmq } = own;
  const { amqpUrl: url, username, password } = rabbitmq;
  const channel = requestChannel(`fault-org.fault-fac.fault-sys.-.moved-${randomUUID()}`);
  const queue = queueNameOf(channel);
  const connected = async () => {
    const transport = amqpTransport({ url, username, password });
    await transport.connect();
    return transport;
  };
  const before = await connected();
  const kept = await before.subscribe(channel, () => {}, { retention: 'durable' });
  await kept.unsubscribe();
  const publish = (number: number) =>
    before.publish(
      {
        channel,
        payload: new TextEncoder().encode(String(number)),
        contentType: 'text/plain',
        headers: { message_id: `id-${number}` },
      },
      { mustRoute: true },
    );
  for (let number = 0; number < WAITING; number++) await publish(number);
  await before.close();
  await enableShovel(rabbitmq);
  const waiting = async (name: string): Promise<number | undefined> =>
    (await listQueues(rabbitmq)).find((one) => one.name === name)?.messages;
  await until('the broker counts them', async () => (await waiting(queue)) === WAITING);

  const commands = commandsFor(queue);
  expect(commands.length).toBeGreaterThanOrEqual(5);
  for (const [, ...args] of commands) {
    if (args[0] === 'delete_queue') {
      // The page says to wait for it.
      await until(`${args[1]} is empty`, async () => (await waiting(args[1] as string)) === 0);
    }
    await rabbitmq.rabbitmqctl(...args);
  }

  const after = await connected();
  const texts: string[] = [];
  await after.subscribe(
    channel,
    ({ payload, headers }) => void texts.push(`${new TextDecoder().decode(payload)} ${headers.message_id}`),
    { retention: 'durable' },
  );
  await until('all have come', () => texts.length >= WAITING);
  expect(texts).toEqual(Array.from({ length: WAITING }, (_, number) => `${number} id-${number}`));
  const moved = (await listQueues(rabbitmq)).filter(({ name }) => name.startsWith(queue));
  expect(moved.map(({ name, type }) => [name, type])).toEqual([[queue, 'quorum']]);
  await after.close();
  record({
    fault: `none: a classic request queue with ${WAITING} waiting requests is made a quorum queue by the commands of docs/production.md`,
    role: 'client and service',
    protocol: 'AMQP',
    promise: 'what waits is there afterwards, in its order',
    counted: `${texts.length} of ${WAITING}, in order`,
  });
});
