/** What every broker of this folder has in common, whoever starts it. */

/** The credentials of the Python SDK's examples; known to everyone, so for loopback only. */
export const credentials = { username: 'intersect_username', password: 'intersect_password' };

export const host = '127.0.0.1';

/**
 * What a RabbitMQ calls itself.
 *
 * @param {number} amqpPort
 */
export function nodeName(amqpPort) {
  return `intersect-${amqpPort}@localhost`;
}

/** Where the development set listens. `compose.yaml` has the same numbers as defaults. */
export const standardPorts = {
  rabbitmq: { amqp: 5672, mqtt: 1883, webSocket: 15675, management: 15672 },
  mosquitto: { mqtt: 1884, webSocket: 9001 },
  s3: { http: 7070 },
  minio: { http: 9000 },
};

/** A cold start of RabbitMQ takes about 10 s; a busy machine may need several times that. */
export const startDeadlineMs = 120_000;

export const pythonPackages = ['intersect-sdk==0.9.3', 'intersect-sdk-common==0.9.6'];
