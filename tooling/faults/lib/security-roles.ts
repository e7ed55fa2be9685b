import { queueNameOf } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import type { Permissions, SecurityBroker, User } from './security-broker.js';

export type Protocol = 'AMQP' | 'MQTT';
export const PROTOCOLS = ['AMQP', 'MQTT'] as const;

/** Without TLS, as this user. */
export function plain(
  broker: SecurityBroker,
  protocol: Protocol,
  credentials: User | (() => User),
): Transport {
  const who =
    typeof credentials === 'function'
      ? { credentials }
      : { username: credentials.username, password: credentials.password };
  const { amqpUrl, mqttUrl } = broker.rabbitmq;
  const url = new URL(protocol === 'AMQP' ? amqpUrl : mqttUrl);
  const options = { host: url.hostname, port: Number(url.port), reconnectMinDelayMs: 1, ...who };
  // A user with few permissions may not make the exchange; it is there.
  return protocol === 'AMQP' ? amqpTransport({ ...options, isRoot: false }) : mqttTransport(options);
}

/** Makes what it needs at the broker. */
export function asService(broker: SecurityBroker, protocol: Protocol, user: User): Transport {
  const { username, password } = user;
  const { hostname: host, port } = new URL(broker.rabbitmq.amqpUrl);
  return protocol === 'AMQP'
    ? amqpTransport({ host, port: Number(port), username, password })
    : plain(broker, protocol, user);
}

// As SECURITY.md gives them.
export const EXCHANGE = 'intersect-messages';
export const CLIENT: Readonly<Record<Protocol, Permissions>> = {
  AMQP: permissions('intersect-session\\.intersect-[0-9a-f-]+\\..*', clientTopics()),
  MQTT: permissions('mqtt-subscription-intersect-[0-9a-f-]+qos[01]', clientTopics()),
};
const QUEUES = ['request', 'response'].map((suffix) => queueNameOf(`org/fac/sys/-/lab/${suffix}`));
const SERVICE: Readonly<Record<Protocol, Permissions>> = {
  AMQP: permissions(`(${QUEUES.join('|')})`, serviceTopics()),
  MQTT: permissions('mqtt-subscription-intersect-org\\.fac\\.sys\\.-\\.lab.*qos[01]', serviceTopics()),
};

export function permissions(queues: string, topics: NonNullable<Permissions['topics']>): Permissions {
  const queuesAndExchange = `^(${queues}|${EXCHANGE})$`;
  return { configure: `^${queues}$`, write: queuesAndExchange, read: queuesAndExchange, topics };
}

export function clientTopics(): NonNullable<Permissions['topics']> {
  return {
    write: '^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.(request|response)$',
    read: '^tmp-\\.tmp-\\.tmp-\\.-\\.tmp-[0-9a-f-]+\\.response$|^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.events\\.',
  };
}

function serviceTopics(): NonNullable<Permissions['topics']> {
  return {
    write: '\\.response$|^org\\.fac\\.sys\\.-\\.lab\\.(events\\..*|lifecycle)$',
    read: '^org\\.fac\\.sys\\.-\\.lab\\.(request|response)$',
  };
}

/** A client and the service `org.fac.sys.-.lab`, which may do what their role needs, and nothing else. */
export async function roles(
  broker: SecurityBroker,
  protocol: Protocol,
): Promise<[asker: User, server: User]> {
  const asker = { username: `asker-${protocol}`, password: 'asker' };
  const server = { username: `server-${protocol}`, password: 'server' };
  await broker.addUser(asker, CLIENT[protocol]);
  const { configure } = SERVICE[protocol];
  const root = protocol === 'AMQP' ? { configure: `${configure}|^${EXCHANGE}$` } : {};
  await broker.addUser(server, { ...SERVICE[protocol], ...root });
  return [asker, server];
}
