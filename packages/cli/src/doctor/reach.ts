import { type IntersectError, isIntersectError, newId } from '@intersect-sdk/core';
import { transportFor } from '@intersect-sdk/messaging/broker-config';
import type { Transport } from '@intersect-sdk/transport';
import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
import type { Finding } from './finding.js';
import { once } from './once.js';
import { shellWord } from './shell-word.js';

/** A broker that could be reached, or why not. */
export type Reached =
  | { readonly transport: Transport; readonly finding: Finding }
  | { readonly transport: undefined; readonly finding: Finding };

/** Connects to a broker as every program does. What is returned is the caller's to close. */
export async function reach(broker: ResolvedBrokerConfig, signal: AbortSignal): Promise<Reached> {
  const transport = await transportFor(broker);
  try {
    await transport.connect({ signal });
  } catch (error) {
    await transport.close();
    signal.throwIfAborted();
    if (!isIntersectError(error)) throw error;
    return { transport: undefined, finding: { ...unreached(error, broker), text: error.message } };
  }
  return { transport, finding: { check: 'login', level: 'ok', text: `${broker.username} is logged in.` } };
}

/** What is wrong where a connection could not be made, and what mends it. */
function unreached({ code, message }: IntersectError, broker: ResolvedBrokerConfig): Omit<Finding, 'text'> {
  const { host: given, port, username, protocol, vhost = '/' } = broker;
  const host = shellWord(given);
  const user = shellWord(username);
  const isHere = host === '127.0.0.1' || host === 'localhost';
  switch (code) {
    case 'AUTH_REFUSED':
      // Who was let in and may do too little gets the same code; the sentence of the transport tells it apart.
      if (/permission/.test(message)) {
        return { check: 'rights', level: 'problem', mend: permissionsFor(username, vhost) };
      }
      return {
        check: 'login',
        level: 'problem',
        mend: /does not exist/.test(message)
          ? `rabbitmqctl add_vhost ${shellWord(vhost)}`
          : `rabbitmqctl authenticate_user ${user} PASSWORD    # if that fails: rabbitmqctl change_password ${user} PASSWORD`,
      };
    case 'TLS_REFUSED':
      return {
        check: 'tls',
        level: 'problem',
        mend: `openssl s_client -connect ${host}:${port} -showcerts </dev/null`,
      };
    case 'PROTOCOL_REFUSED':
      return protocol === 'mqtt5.0'
        ? {
            check: 'mqtt-5',
            level: 'problem',
            mend: 'rabbitmq-plugins enable rabbitmq_mqtt    # MQTT 5 needs RabbitMQ 3.13 or mosquitto 2',
          }
        : { check: 'protocol', level: 'problem', mend: `intersect doctor --broker mqtt://${host}` };
    case 'HOST_UNKNOWN':
      return { check: 'reachability', level: 'problem', mend: `getent hosts ${host}` };
    default:
      return {
        check: 'reachability',
        level: 'problem',
        mend: isHere && protocol === 'mqtt5.0' ? `intersect broker --port ${port}` : `nc -vz ${host} ${port}`,
      };
  }
}

function permissionsFor(username: string, vhost: string): string {
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(username)} '.*' '.*' '.*'`;
}

const MESSAGE_MS = 10_000;

/** Whether what every client needs is allowed: a queue of its own, and messages through it. */
export async function rights(
  transport: Transport,
  { username, protocol, vhost = '/' }: ResolvedBrokerConfig,
  signal: AbortSignal,
): Promise<Finding> {
  const check = 'rights';
  const channel = `intersect-doctor/${newId()}/response`;
  const permissions = permissionsFor(username, vhost);
  try {
    const came = once();
    const subscription = await transport.subscribe(channel, came.happen, { signal });
    await transport.publish(messageOn(channel), { mustRoute: true, timeoutMs: MESSAGE_MS, signal });
    await came.happened;
    await subscription.unsubscribe();
    return { check, level: 'ok', text: 'A queue can be made, and a message goes through it.' };
  } catch (error) {
    signal.throwIfAborted();
    if (!isIntersectError(error)) throw error;
    const mend =
      protocol === 'mqtt5.0' && error.code === 'SUBSCRIBE_REFUSED'
        ? `${permissions}    # and: rabbitmqctl list_exchanges -p / name | grep intersect-messages`
        : permissions;
    return { check, level: 'problem', text: error.message, mend };
  }
}

/** A message with nothing in it but its channel. */
export function messageOn(channel: string) {
  return { channel, payload: new Uint8Array(), contentType: 'application/json', headers: {} };
}
