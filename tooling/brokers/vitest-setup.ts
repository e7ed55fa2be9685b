// Runs once before the tests that need brokers: takes the ones that the environment names, else starts its own.
import type { TestProject } from 'vitest/node';
import { startBrokers } from './brokers.mjs';
import { pythonPeer } from './python-peer.mjs';
import type { Provided } from './vitest.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onProgress = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const [set, peer] = await Promise.all([
    startBrokers({ rabbitmq: true, mosquitto: true, onProgress }).catch(noBrokers),
    pythonPeer({ onProgress }),
  ]);
  const missing = (what: 'rabbitmq' | 'mosquitto') => ({
    reason: set.unavailable.find((one) => one.what === what)?.reason ?? 'it was not started',
    excused: false,
  });
  const { rabbitmq, mosquitto } = set;
  const provided: Provided = {
    rabbitmq: rabbitmq
      ? {
          found: {
            amqpUrl: rabbitmq.amqpUrl,
            mqttUrl: rabbitmq.mqttUrl,
            webSocketUrl: rabbitmq.webSocketUrl,
            managementUrl: rabbitmq.managementUrl,
            username: rabbitmq.username,
            password: rabbitmq.password,
          },
        }
      : missing('rabbitmq'),
    mosquitto: mosquitto
      ? {
          found: {
            mqttUrl: mosquitto.mqttUrl,
            webSocketUrl: mosquitto.webSocketUrl,
            username: mosquitto.username,
            password: mosquitto.password,
          },
        }
      : missing('mosquitto'),
    python:
      peer.python === undefined
        ? { reason: peer.unavailable, excused: peer.unavailable.startsWith("pip can't install") }
        : { found: { interpreter: peer.python } },
  };
  project.provide('testBrokers', provided);
  return () => set.stop();
}

function noBrokers(error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  const unavailable = [{ what: 'rabbitmq', reason } as const, { what: 'mosquitto', reason } as const];
  return { rabbitmq: undefined, mosquitto: undefined, unavailable, stop: async () => {} };
}
