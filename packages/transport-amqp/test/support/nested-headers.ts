import { Worker } from 'node:worker_threads';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';

/** amqplib encodes tables by recursion too, so this needs a thread with a larger stack. */
const sender = `
  const { workerData: { where, routingKey, depth } } = require('node:worker_threads');
  const { createRequire } = require('node:module');
  const { connect } = createRequire(where.from)('amqplib');
  (async () => {
    const connection = await connect(where);
    const channel = await connection.createConfirmChannel();
    let table = 'inmost';
    for (let level = 0; level < depth; level++) table = { a: table };
    channel.publish('intersect-messages', routingKey, Buffer.from('nested'), { headers: { a: table } });
    await channel.waitForConfirms();
    await connection.close();
  })();
`;

/** Publishes a message whose only header is a table in a table in a table ... */
export async function publishNested(
  { amqpUrl, username, password }: RabbitmqEndpoints,
  routingKey: string,
  depth: number,
): Promise<void> {
  const { hostname, port } = new URL(amqpUrl);
  const where = { from: import.meta.url, hostname, port: Number(port), username, password };
  const worker = new Worker(sender, {
    eval: true,
    workerData: { where, routingKey, depth },
    resourceLimits: { stackSizeMb: 64 },
  });
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The sender ended with ${code}`)),
    );
  });
}
