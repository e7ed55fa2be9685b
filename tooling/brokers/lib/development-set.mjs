import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, removeFolder, withLock } from './cache.mjs';
import { mosquittoEndpoints, mosquittoProbes, rabbitmqEndpoints, rabbitmqProbes } from './endpoints.mjs';
import { waitUntilReady } from './probes.mjs';
import { isAlive, signalProcess } from './process-identity.mjs';
import { removeProject } from './provider-docker.mjs';
import { chooseProvider } from './providers.mjs';
import { isFree } from './run-folder.mjs';
import { standardPorts } from './settings.mjs';

/**
 * @typedef {import('./providers.mjs').BrokerProcess['record']} ProcessRecord
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
};

/** @returns {Promise<State>} */
export async function developmentState() {
  if (!existsSync(stateFile())) return 'down';
  const probes = [
    ...rabbitmqProbes(developmentEndpoints.rabbitmq),
    ...mosquittoProbes(developmentEndpoints.mosquitto),
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
 * @returns {Promise<'started' | 'already up'>}
 * @throws Error with a sentence when it can't be had here, a port is taken or a broker doesn't come up.
 */
export function startDevelopmentSet(onProgress) {
  return withLock('development', async () => {
    const state = await developmentState();
    if (state === 'up') return 'already up';
    if (state === 'partly') await end();
    await needFreePorts();
    const choice = await chooseProvider(onProgress);
    if ('reason' in choice) throw new Error(`No brokers can be had here: ${choice.reason}.`);
    const placement = (/** @type {string} */ name) => ({
      folder: join(folder(), name),
      project: 'intersect-development',
      attached: false,
    });
    const brokers = [
      choice.provider.rabbitmq({ ...standardPorts.rabbitmq, ...internalPorts }, placement('rabbitmq')),
      choice.provider.mosquitto(standardPorts.mosquitto, placement('mosquitto')),
    ];
    onProgress('Starting RabbitMQ and mosquitto.');
    const starts = brokers.map((broker) => broker.start());
    // Before they answer, so that an interrupted start can be ended too.
    writeState(brokers.map((broker) => broker.record));
    const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
    writeState(brokers.map((broker) => broker.record));
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
  await Promise.all(readState().map(endProcess));
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

async function needFreePorts() {
  const ports = [
    ...Object.values(standardPorts.rabbitmq),
    ...Object.values(standardPorts.mosquitto),
    ...Object.values(internalPorts),
  ];
  const free = await Promise.all(ports.map(isFree));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  throw new Error(`Another program listens on port ${taken.join(', ')} of this machine: stop it first.`);
}

/** @returns {ProcessRecord[]} */
function readState() {
  return JSON.parse(readFileSync(stateFile(), 'utf8')).brokers;
}

/** @param {ProcessRecord[]} brokers */
function writeState(brokers) {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(stateFile(), JSON.stringify({ brokers }, null, 2));
}
