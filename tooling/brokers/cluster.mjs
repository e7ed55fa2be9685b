import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { control, handle, portsFrom } from './lib/broker-handle.mjs';
import { removeFolder } from './lib/cache.mjs';
import { rabbitmqEndpoints } from './lib/endpoints.mjs';
import { chooseProvider } from './lib/providers.mjs';
import { reserveRunFolder } from './lib/run-folder.mjs';
import { nodeName } from './lib/settings.mjs';

const NODES = 3;

/**
 * @param {import('./cluster.mjs').StartClusterOptions} [options]
 * @returns {Promise<import('./cluster.mjs').RabbitmqCluster | import('./cluster.mjs').NoCluster>}
 */
export async function startRabbitmqCluster({ onProgress = () => {}, settings = [] } = {}) {
  const choice = await chooseProvider(onProgress);
  if ('reason' in choice) return { unavailable: choice.reason };
  const { provider } = choice;
  if (!('epmd' in provider))
    return { unavailable: 'a cluster is only started from packages, not in containers' };
  const { path, firstPort } = await reserveRunFolder();
  const names = /** @type {const} */ (['amqp', 'mqtt', 'webSocket', 'management', 'distribution']);
  const epmdPort = firstPort + NODES * names.length;
  const ports = Array.from({ length: NODES }, (_, index) => ({
    ...portsFrom(firstPort + index * names.length, names),
    epmd: epmdPort,
  }));
  const attached = true;
  const cookie = randomBytes(20).toString('hex');
  const epmd = provider.epmd(epmdPort, { folder: join(path, 'epmd'), attached });
  const brokers = ports.map((own, index) =>
    provider.rabbitmq(own, { folder: join(path, `node-${index + 1}`), attached, cookie, settings }),
  );
  const stop = async () => {
    await Promise.all([epmd, ...brokers].map((process) => process.release()));
    removeFolder(path);
  };
  const nodes = brokers.map((broker, index) =>
    Object.assign(handle(rabbitmqEndpoints(/** @type {typeof ports[0]} */ (ports[index])), control(broker)), {
      rabbitmqctl: (/** @type {string[]} */ ...args) => broker.runBeside(['rabbitmqctl', ...args]),
    }),
  );
  try {
    await epmd.start();
    await Promise.all(brokers.map((broker) => broker.start()));
    // One after the other: nodes that join at the same moment can miss each other.
    for (const node of nodes.slice(1)) {
      await node.rabbitmqctl('stop_app');
      await node.rabbitmqctl('join_cluster', nodeName(firstPort));
      await node.rabbitmqctl('start_app');
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop, [Symbol.asyncDispose]: stop };
}
