import { join } from 'node:path';
import { control, handle, portsFrom } from './lib/broker-handle.mjs';
import { removeFolder } from './lib/cache.mjs';
import { mosquittoEndpoints, rabbitmqEndpoints, storeEndpoints } from './lib/endpoints.mjs';
import { environmentMosquitto, environmentRabbitmq, environmentStore } from './lib/provider-environment.mjs';
import { chooseStore } from './lib/provider-stores.mjs';
import { chooseProvider } from './lib/providers.mjs';
import { reserveRunFolder } from './lib/run-folder.mjs';

export { closeConnection, listConnections, listQueues } from './lib/management.mjs';
export { storePrograms } from './lib/store-programs.mjs';

/**
 * @typedef {import('./brokers.mjs').BrokerControl} BrokerControl
 * @typedef {import('./brokers.mjs').BrokerSet} BrokerSet
 * @typedef {import('./lib/providers.mjs').BrokerProcess} BrokerProcess
 * @typedef {import('./lib/provider-stores.mjs').StoreKind} StoreKind
 */

/**
 * @param {import('./brokers.mjs').StartBrokersOptions} options
 * @returns {Promise<BrokerSet>}
 */
export async function startBrokers({
  rabbitmq = false,
  mosquitto = false,
  s3 = false,
  minio = false,
  ours = false,
  tls,
  onProgress = () => {},
}) {
  const named = {
    rabbitmq: rabbitmq && !ours && !tls ? await environmentRabbitmq() : unnamed,
    mosquitto: mosquitto && !ours ? await environmentMosquitto() : unnamed,
    s3: s3 && !ours ? await environmentStore('s3') : unnamed,
    minio: minio && !ours ? await environmentStore('minio') : unnamed,
  };
  const own = await startOwn({
    rabbitmq: rabbitmq && isUnnamed(named.rabbitmq),
    mosquitto: mosquitto && isUnnamed(named.mosquitto),
    stores: [
      ...(s3 && isUnnamed(named.s3) ? [/** @type {const} */ ('s3')] : []),
      ...(minio && isUnnamed(named.minio) ? [/** @type {const} */ ('minio')] : []),
    ],
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
    ...(named.s3.endpoints && { s3: handle(named.s3.endpoints, foreign('store')) }),
    ...(named.minio.endpoints && { minio: handle(named.minio.endpoints, foreign('MinIO')) }),
    ...own.handles,
    unavailable: [
      ...reasonOf('rabbitmq', named.rabbitmq),
      ...reasonOf('mosquitto', named.mosquitto),
      ...reasonOf('s3', named.s3),
      ...reasonOf('minio', named.minio),
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
 * @typedef {object} Wanted
 * @property {boolean} rabbitmq
 * @property {boolean} mosquitto
 * @property {readonly StoreKind[]} stores
 * @property {import('./brokers.mjs').RabbitmqTls | undefined} tls
 * @property {(sentence: string) => void} onProgress
 */

/**
 * @typedef {object} OwnHandles
 * @property {import('./brokers.mjs').RabbitmqHandle} [rabbitmq]
 * @property {import('./brokers.mjs').MosquittoHandle} [mosquitto]
 * @property {import('./brokers.mjs').StoreHandle} [s3]
 * @property {import('./brokers.mjs').StoreHandle} [minio]
 */

/** @param {Wanted} wanted */
async function startOwn({ rabbitmq, mosquitto, stores, tls, onProgress }) {
  /** @type {import('./brokers.mjs').Unavailable[]} */
  const unavailable = [];
  const needsProvider = rabbitmq || mosquitto;
  if (!needsProvider && stores.length === 0) return { handles: {}, unavailable, stop: async () => {} };
  const provider = needsProvider
    ? await providerFor({ rabbitmq, mosquitto, tls, onProgress }, unavailable)
    : undefined;
  const { path, firstPort } = await reserveRunFolder();
  const project = `intersect-${firstPort}`;
  /** @type {{ start(): Promise<void>, release(): Promise<void> }[]} */
  const processes = [];
  const stop = async () => {
    await Promise.all(processes.splice(0).map((broker) => broker.release()));
    removeFolder(path);
  };
  /** @param {string} name */
  const placement = (name) => ({ folder: join(path, name), project, attached: true });
  /** @type {OwnHandles} */
  const handles = {};
  if (rabbitmq && provider) {
    const names = /** @type {const} */ (['amqp', 'mqtt', 'webSocket', 'management', 'distribution', 'epmd']);
    const ports = portsFrom(firstPort, [...names, 'amqps', 'mqtts']);
    const broker = provider.rabbitmq(ports, { ...placement('rabbitmq'), ...(tls && { tls }) });
    processes.push(broker);
    const rabbitmqctl = (/** @type {string[]} */ ...args) => broker.runBeside(['rabbitmqctl', ...args]);
    handles.rabbitmq = Object.assign(handle(rabbitmqEndpoints(ports), control(broker)), {
      rabbitmqctl,
      ...(tls && { amqpsPort: ports.amqps, mqttsPort: ports.mqtts }),
    });
  }
  if (mosquitto && provider) {
    const ports = portsFrom(firstPort + 8, ['mqtt', 'webSocket']);
    const broker = provider.mosquitto(ports, placement('mosquitto'));
    processes.push(broker);
    handles.mosquitto = handle(mosquittoEndpoints(ports), control(broker));
  }
  for (const kind of stores) {
    const port = firstPort + { s3: 10, minio: 11 }[kind];
    const choice = await chooseStore(kind, { port, placement: placement(kind), onProgress });
    if ('reason' in choice) {
      unavailable.push({ what: kind, reason: choice.reason });
      continue;
    }
    processes.push(choice.store);
    handles[kind] = handle(storeEndpoints(port), control(choice.store));
  }
  const results = await Promise.allSettled(processes.map((broker) => broker.start()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { handles, unavailable, stop };
}

/**
 * @param {Omit<Wanted, 'stores'>} wanted
 * @param {import('./brokers.mjs').Unavailable[]} unavailable is told why there is none.
 */
async function providerFor({ rabbitmq, mosquitto, tls, onProgress }, unavailable) {
  const choice = await chooseProvider(onProgress);
  if ('reason' in choice) {
    const { reason } = choice;
    if (rabbitmq) unavailable.push({ what: 'rabbitmq', reason });
    if (mosquitto) unavailable.push({ what: 'mosquitto', reason });
    return undefined;
  }
  if (!tls || choice.provider.offersTls) return choice.provider;
  const reason = 'with TLS it is only started from packages, not in a container';
  unavailable.push({ what: 'rabbitmq', reason });
  return undefined;
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
