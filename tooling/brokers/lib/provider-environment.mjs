import { mosquittoProbes, rabbitmqProbes } from './endpoints.mjs';
import { httpProbe, waitUntilReady } from './probes.mjs';
import { credentials } from './settings.mjs';

/**
 * What the environment says of one broker: where it is, or why the one it names can't be used, or neither when it
 * names none.
 *
 * @template E
 * @typedef {{ endpoints?: E, reason?: string }} Named
 */

const answerMs = 5_000;

/** @returns {Promise<Named<import('../brokers.mjs').RabbitmqEndpoints>>} */
export async function environmentRabbitmq() {
  const amqp = process.env.INTERSECT_RABBITMQ_AMQP_URL;
  const mqtt = process.env.INTERSECT_RABBITMQ_MQTT_URL;
  if (!amqp && !mqtt) return {};
  if (!amqp || !mqtt) {
    const missing = amqp ? 'INTERSECT_RABBITMQ_MQTT_URL' : 'INTERSECT_RABBITMQ_AMQP_URL';
    return { reason: `the environment names a RabbitMQ by halves: set ${missing} too` };
  }
  const { hostname } = new URL(amqp);
  const endpoints = {
    amqpUrl: withoutCredentials(amqp),
    mqttUrl: withoutCredentials(mqtt),
    webSocketUrl: withoutCredentials(process.env.INTERSECT_RABBITMQ_WS_URL || `ws://${hostname}:15675/ws`),
    managementUrl: withoutCredentials(
      process.env.INTERSECT_RABBITMQ_MANAGEMENT_URL || `http://${hostname}:15672`,
    ),
    ...credentialsOf(amqp),
  };
  return answering(endpoints, rabbitmqProbes(endpoints));
}

/** @returns {Promise<Named<import('../brokers.mjs').MosquittoEndpoints>>} */
export async function environmentMosquitto() {
  const url = process.env.INTERSECT_MOSQUITTO_URL;
  if (!url) return {};
  const endpoints = { mqttUrl: withoutCredentials(url), ...credentialsOf(url) };
  return answering(endpoints, mosquittoProbes(endpoints));
}

const storeVariables = { s3: 'INTERSECT_S3_URL', minio: 'INTERSECT_MINIO_URL' };

/**
 * @param {'s3' | 'minio'} kind
 * @returns {Promise<Named<import('../brokers.mjs').StoreEndpoints>>}
 */
export async function environmentStore(kind) {
  const url = process.env[storeVariables[kind]];
  if (!url) return {};
  const endpoints = { url: withoutCredentials(url), ...credentialsOf(url) };
  return answering(endpoints, [httpProbe(new URL(endpoints.url))]);
}

/**
 * @template E
 * @param {E} endpoints
 * @param {import('./probes.mjs').Probe[]} probes
 */
async function answering(endpoints, probes) {
  try {
    await waitUntilReady(probes, { timeoutMs: answerMs });
    return { endpoints };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `the broker that the environment names can't be used: ${why}` };
  }
}

/** @param {string} text */
function withoutCredentials(text) {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}

/** @param {string} text */
function credentialsOf(text) {
  const { username, password } = new URL(text);
  if (username === '') return credentials;
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
