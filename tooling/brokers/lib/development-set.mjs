import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, removeFolder, withLock } from './cache.mjs';
import {
  mosquittoEndpoints,
  mosquittoProbes,
  rabbitmqEndpoints,
  rabbitmqProbes,
  storeEndpoints,
  storeProbes,
} from './endpoints.mjs';
import { waitUntilReady } from './probes.mjs';
import { isAlive, signalProcess } from './process-identity.mjs';
import { removeProject } from './provider-docker.mjs';
import { chooseStore } from './provider-stores.mjs';
import { chooseProvider } from './providers.mjs';
import { isFree } from './run-folder.mjs';
import { standardPorts } from './settings.mjs';
import { storePrograms } from './store-programs.mjs';

/**
 * @typedef {(import('./providers.mjs').BrokerProcess | import('./provider-stores.mjs').StoreProcess)['record']} ProcessRecord
 * @typedef {import('./provider-stores.mjs').StoreKind} StoreKind
 * @typedef {'up' | 'partly' | 'down'} State
 */

// RabbitMQ's own ports for its nodes and tools, moved away from those of a RabbitMQ of this machine's.
const internalPorts = { distribution: 25682, epmd: 4379 };
const answerMs = 5_000;
const orderlyEndMs = 20_000;

const folder = () => join(cacheFolder(), 'development');
const stateFile = () => join(folder(), 'state.json');

export const developmentEndpoints = {
  rabbitmq: rabbitmqEndpoints(standardPorts.rabbitmq),
  mosquitto: mosquittoEndpoints(standardPorts.mosquitto),
  s3: storeEndpoints(standardPorts.s3.http),
  minio: storeEndpoints(standardPorts.minio.http),
};

/** @returns {Promise<State>} */
export async function developmentState() {
  if (!existsSync(stateFile())) return 'down';
  const probes = [
    ...rabbitmqProbes(developmentEndpoints.rabbitmq),
    ...mosquittoProbes(developmentEndpoints.mosquitto),
    ...readState().stores.flatMap((kind) => storeProbes(kind, developmentEndpoints[kind])),
  ];
  try {
    await waitUntilReady(probes, { timeoutMs: answerMs });
    return 'up';
  } catch {
    return 'partly';
  }
}

/**
 * Starts the development set on the standard ports, to stay after this process. What was left over from an earlier one
 * is ended first.
 *
 * @param {(sentence: string) => void} onProgress
 * @param {readonly StoreKind[]} stores What is not on this machine yet is built, which takes minutes. One that can't be had is told, and left out.
 * @returns {Promise<'started' | 'already up'>}
 * @throws Error with a sentence when it can't be had here, a port is taken or a broker doesn't come up.
 */
export function startDevelopmentSet(onProgress, stores) {
  return withLock('development', async () => {
    const state = await developmentState();
    if (state === 'up' && stores.every((kind) => readState().stores.includes(kind))) return 'already up';
    if (state !== 'down') await end();
    await needFreePorts(stores);
    const choice = await chooseProvider(onProgress);
    if ('reason' in choice) throw new Error(`No brokers can be had here: ${choice.reason}.`);
    const placement = (/** @type {string} */ name) => ({
      folder: join(folder(), name),
      project: 'intersect-development',
      attached: false,
    });
    /** @type {(import('./providers.mjs').BrokerProcess | import('./provider-stores.mjs').StoreProcess)[]} */
    const brokers = [
      choice.provider.rabbitmq({ ...standardPorts.rabbitmq, ...internalPorts }, placement('rabbitmq')),
      choice.provider.mosquitto(standardPorts.mosquitto, placement('mosquitto')),
    ];
    /** @type {StoreKind[]} */
    const had = [];
    for (const kind of stores) {
      const { http: port } = standardPorts[kind];
      const store = await chooseStore(kind, { port, placement: placement(kind), build: true, onProgress });
      if ('reason' in store) {
        onProgress(`Left out: ${store.reason}.`);
        continue;
      }
      had.push(kind);
      brokers.push(store.store);
    }
    onProgress(
      `Starting ${['RabbitMQ', 'mosquitto', ...had.map((kind) => storePrograms[kind].title)].join(', ')}.`,
    );
    const starts = brokers.map((broker) => broker.start());
    // Before they answer, so that an interrupted start can be ended too.
    const write = () => writeState({ brokers: brokers.map((broker) => broker.record), stores: had });
    write();
    const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
    write();
    if (failed) {
      await end();
      throw failed.reason;
    }
    return 'started';
  });
}

/** @returns {Promise<'stopped' | 'already down'>} */
export function stopDevelopmentSet() {
  return withLock('development', async () => {
    if (!existsSync(stateFile())) return 'already down';
    await end();
    return 'stopped';
  });
}

async function end() {
  await Promise.all(readState().brokers.map(endProcess));
  removeFolder(folder());
}

/** @param {ProcessRecord} record */
async function endProcess(record) {
  if (record.provider === 'docker') return removeProject(record.project);
  const { broker, outermost } = record;
  if (outermost === undefined) return;
  if (broker !== undefined && signalProcess(broker, 'SIGTERM')) await gone(outermost, orderlyEndMs);
  signalProcess(outermost, 'SIGKILL');
  await gone(outermost, orderlyEndMs);
}

/**
 * @param {import('./process-identity.mjs').ProcessIdentity} identity
 * @param {number} timeoutMs
 */
async function gone(identity, timeoutMs) {
  // Not a child of this process, so there is nothing to wait for but its absence.
  for (const until = Date.now() + timeoutMs; isAlive(identity) && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param {readonly StoreKind[]} stores */
async function needFreePorts(stores) {
  const ports = [
    ...Object.values(standardPorts.rabbitmq),
    ...Object.values(standardPorts.mosquitto),
    ...Object.values(internalPorts),
    ...stores.map((kind) => standardPorts[kind].http),
  ];
  const free = await Promise.all(ports.map(isFree));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  throw new Error(`Another program listens on port ${taken.join(', ')} of this machine: stop it first.`);
}

/**
 * @typedef {object} DevelopmentState
 * @property {ProcessRecord[]} brokers
 * @property {StoreKind[]} stores
 */

/** @returns {DevelopmentState} */
function readState() {
  const { brokers, stores = [] } = JSON.parse(readFileSync(stateFile(), 'utf8'));
  return { brokers, stores };
}

/** @returns {StoreKind[]} The stores that were started. */
export function developmentStores() {
  return existsSync(stateFile()) ? readState().stores : [];
}

/** @param {DevelopmentState} state */
function writeState(state) {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(stateFile(), JSON.stringify(state, null, 2));
}
