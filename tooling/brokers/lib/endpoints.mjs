import { amqpProbe, healthProbe, managementProbe, mqttProbe, webSocketProbe } from './probes.mjs';
import { credentials, host } from './settings.mjs';

/**
 * @typedef {{ amqp: number, mqtt: number, webSocket: number, management: number }} RabbitmqPorts
 * @typedef {{ mqtt: number, webSocket: number }} MosquittoPorts
 * @typedef {import('../brokers.mjs').RabbitmqEndpoints} RabbitmqEndpoints
 * @typedef {import('../brokers.mjs').MosquittoEndpoints} MosquittoEndpoints
 * @typedef {import('../brokers.mjs').StoreEndpoints} StoreEndpoints
 */

/**
 * @param {RabbitmqPorts} ports
 * @returns {RabbitmqEndpoints}
 */
export function rabbitmqEndpoints(ports) {
  return {
    amqpUrl: `amqp://${host}:${ports.amqp}`,
    mqttUrl: `mqtt://${host}:${ports.mqtt}`,
    webSocketUrl: `ws://${host}:${ports.webSocket}/ws`,
    managementUrl: `http://${host}:${ports.management}`,
    ...credentials,
  };
}

/**
 * @param {MosquittoPorts} ports
 * @returns {MosquittoEndpoints}
 */
export function mosquittoEndpoints(ports) {
  return {
    mqttUrl: `mqtt://${host}:${ports.mqtt}`,
    webSocketUrl: `ws://${host}:${ports.webSocket}/`,
    ...credentials,
  };
}

/**
 * @param {number} port
 * @returns {StoreEndpoints}
 */
export function storeEndpoints(port) {
  return { url: `http://${host}:${port}`, ...credentials };
}

/**
 * @param {'s3' | 'minio'} kind
 * @param {StoreEndpoints} endpoints
 */
export function storeProbes(kind, { url }) {
  return [healthProbe(new URL(kind === 'minio' ? '/minio/health/ready' : '/health', url))];
}

/** @param {RabbitmqEndpoints} endpoints */
export function rabbitmqProbes(endpoints) {
  return [
    amqpProbe(endpoints.amqpUrl),
    mqttProbe(endpoints.mqttUrl, endpoints),
    webSocketProbe(endpoints.webSocketUrl),
    managementProbe(endpoints.managementUrl, endpoints),
  ];
}

/** @param {MosquittoEndpoints} endpoints */
export function mosquittoProbes(endpoints) {
  return [
    mqttProbe(endpoints.mqttUrl, endpoints),
    ...(endpoints.webSocketUrl === undefined ? [] : [webSocketProbe(endpoints.webSocketUrl)]),
  ];
}
