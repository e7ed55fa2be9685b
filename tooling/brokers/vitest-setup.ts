// Runs once before the tests that need brokers: takes the ones that the environment names, else starts its own.
import type { TestProject } from 'vitest/node';
import { type BrokerSet, type StoreEndpoints, startBrokers, type Unavailable } from './brokers.mjs';
import { pythonPeer } from './python-peer.mjs';
import type { Provided } from './vitest.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onProgress = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const [set, peer] = await Promise.all([
    startBrokers({ rabbitmq: true, mosquitto: true, s3: true, minio: true, onProgress }).catch(noBrokers),
    pythonPeer({ onProgress }),
  ]);
  const missing = (what: Unavailable['what']) => ({
    reason: set.unavailable.find((one) => one.what === what)?.reason ?? 'it was not started',
    // It takes minutes to build, and shows little that the other store does not.
    excused: what === 'minio',
  });
  const { rabbitmq, mosquitto, s3, minio } = set;
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
    s3: s3 ? { found: endpointsOf(s3) } : missing('s3'),
    minio: minio ? { found: endpointsOf(minio) } : missing('minio'),
    python:
      peer.python === undefined
        ? { reason: peer.unavailable, excused: peer.unavailable.startsWith("pip can't install") }
        : { found: { interpreter: peer.python } },
  };
  project.provide('testBrokers', provided);
  return () => set.stop();
}

/** Without what can't be handed to another process. */
function endpointsOf({ url, username, password }: StoreEndpoints): StoreEndpoints {
  return { url, username, password };
}

function noBrokers(error: unknown): Omit<BrokerSet, typeof Symbol.asyncDispose> {
  const reason = error instanceof Error ? error.message : String(error);
  const whats = ['rabbitmq', 'mosquitto', 's3', 'minio'] as const;
  return { unavailable: whats.map((what) => ({ what, reason })), stop: async () => {} };
}
