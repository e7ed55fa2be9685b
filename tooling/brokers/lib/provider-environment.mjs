import { mosquittoProbes, rabbitmqProbes } from './endpoints.mjs';
import { waitUntilReady } from './probes.mjs';
import { credentials } from './settings.mjs';

const answerMs = 5_000;

/**
 * The brokers that the environment names.
 *
 * @returns {Promise<{ endpoints?: import('../brokers.mjs').RabbitmqEndpoints, reason?: string }>} Neither when it
 *   names none; the reason when it names one that can't be used.
 */
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

/** @returns {Promise<{ endpoints?: import('../brokers.mjs').MosquittoEndpoints, reason?: string }>} */
export async function environmentMosquitto() {
  const url = process.env.INTERSECT_MOSQUITTO_URL;
  if (!url) return {};
  const endpoints = { mqttUrl: withoutCredentials(url), ...credentialsOf(url) };
  return answering(endpoints, mosquittoProbes(endpoints));
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
