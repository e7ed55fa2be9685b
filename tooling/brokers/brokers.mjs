import { join } from 'node:path';
import { control, handle, portsFrom } from './lib/broker-handle.mjs';
import { removeFolder } from './lib/cache.mjs';
import { mosquittoEndpoints, rabbitmqEndpoints } from './lib/endpoints.mjs';
import { environmentMosquitto, environmentRabbitmq } from './lib/provider-environment.mjs';
import { chooseProvider } from './lib/providers.mjs';
import { reserveRunFolder } from './lib/run-folder.mjs';

export { closeConnection, listConnections, listQueues } from './lib/management.mjs';

/**
 * @typedef {import('./brokers.mjs').BrokerControl} BrokerControl
 * @typedef {import('./brokers.mjs').BrokerSet} BrokerSet
 * @typedef {import('./lib/providers.mjs').BrokerProcess} BrokerProcess
 */

/**
 * @param {import('./brokers.mjs').StartBrokersOptions} options
 * @returns {Promise<BrokerSet>}
 */
export async function startBrokers({
  rabbitmq = false,
  mosquitto = false,
  ours = false,
  tls,
  onProgress = () => {},
}) {
  const named = {
    rabbitmq: rabbitmq && !ours && !tls ? await environmentRabbitmq() : unnamed,
    mosquitto: mosquitto && !ours ? await environmentMosquitto() : unnamed,
  };
  const own = await startOwn({
    rabbitmq: rabbitmq && isUnnamed(named.rabbitmq),
    mosquitto: mosquitto && isUnnamed(named.mosquitto),
    tls,
    onProgress,
  });
  return {
    ...(named.rabbitmq.endpoints && {
      rabbitmq: Object.assign(handle(named.rabbitmq.endpoints, foreign('RabbitMQ')), {
        rabbitmqctl: refusal('RabbitMQ'),
      }),
    }),
    ...(named.mosquitto.endpoints && { mosquitto: handle(named.mosquitto.endpoints, foreign('mosquitto')) }),
    ...own.handles,
    unavailable: [
      ...reasonOf('rabbitmq', named.rabbitmq),
      ...reasonOf('mosquitto', named.mosquitto),
      ...own.unavailable,
    ],
    stop: own.stop,
    [Symbol.asyncDispose]: own.stop,
  };
}

/** @type {import('./lib/provider-environment.mjs').Named<never>} */
const unnamed = {};

/** @param {import('./lib/provider-environment.mjs').Named<unknown>} named */
function isUnnamed({ endpoints, reason }) {
  return endpoints === undefined && reason === undefined;
}

/**
 * @param {import('./brokers.mjs').Unavailable['what']} what
 * @param {import('./lib/provider-environment.mjs').Named<unknown>} named
 * @returns {import('./brokers.mjs').Unavailable[]}
 */
function reasonOf(what, { reason }) {
  return reason === undefined ? [] : [{ what, reason }];
}

/**
 * @param {{ rabbitmq: boolean, mosquitto: boolean, tls: import('./brokers.mjs').RabbitmqTls | undefined, onProgress: (sentence: string) => void }} wanted
 */
async function startOwn({ rabbitmq, mosquitto, tls, onProgress }) {
  const none = { handles: {}, unavailable: [], stop: async () => {} };
  if (!rabbitmq && !mosquitto) return none;
  const choice = await chooseProvider(onProgress);
  if ('reason' in choice) {
    const { reason } = choice;
    const unavailable = [
      ...(rabbitmq ? reasonOf('rabbitmq', { reason }) : []),
      ...(mosquitto ? reasonOf('mosquitto', { reason }) : []),
    ];
    return { ...none, unavailable };
  }
  if (tls && !choice.provider.offersTls) {
    const reason = 'with TLS it is only started from packages, not in a container';
    return { ...none, unavailable: reasonOf('rabbitmq', { reason }) };
  }
  const { path, firstPort } = await reserveRunFolder();
  const project = `intersect-${firstPort}`;
  /** @type {BrokerProcess[]} */
  const processes = [];
  const stop = async () => {
    await Promise.all(processes.splice(0).map((broker) => broker.release()));
    removeFolder(path);
  };
  /** @type {{ rabbitmq?: import('./brokers.mjs').RabbitmqHandle, mosquitto?: import('./brokers.mjs').MosquittoHandle }} */
  const handles = {};
  if (rabbitmq) {
    const names = /** @type {const} */ (['amqp', 'mqtt', 'webSocket', 'management', 'distribution', 'epmd']);
    const ports = portsFrom(firstPort, [...names, 'amqps', 'mqtts']);
    const broker = choice.provider.rabbitmq(ports, {
      folder: join(path, 'rabbitmq'),
      project,
      attached: true,
      ...(tls && { tls }),
    });
    processes.push(broker);
    const rabbitmqctl = (/** @type {string[]} */ ...args) => broker.runBeside(['rabbitmqctl', ...args]);
    handles.rabbitmq = Object.assign(handle(rabbitmqEndpoints(ports), control(broker)), {
      rabbitmqctl,
      ...(tls && { amqpsPort: ports.amqps, mqttsPort: ports.mqtts }),
    });
  }
  if (mosquitto) {
    const ports = portsFrom(firstPort + 8, ['mqtt', 'webSocket']);
    const broker = choice.provider.mosquitto(ports, {
      folder: join(path, 'mosquitto'),
      project,
      attached: true,
    });
    processes.push(broker);
    handles.mosquitto = handle(mosquittoEndpoints(ports), control(broker));
  }
  const results = await Promise.allSettled(processes.map((broker) => broker.start()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { handles, unavailable: [], stop };
}

/**
 * @param {string} what
 * @returns {BrokerControl}
 */
function foreign(what) {
  const refuse = refusal(what);
  return { pid: undefined, ours: false, kill: refuse, stop: refuse, start: refuse, restart: refuse };
}

/** @param {string} what */
function refusal(what) {
  return async () => {
    throw new Error(
      `This ${what} is named by the environment and not ours to end or change: ask for \`ours: true\`.`,
    );
  };
}
