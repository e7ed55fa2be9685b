import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import type { Will } from '../broker/session.js';
import type { ResolvedDevBrokerOptions } from '../options.js';
import { decodePublish } from '../packets/decode-publish.js';
import { decodePacket, encodePacket } from '../packets/packets.js';
import { fault, malformed, ProtocolFault, protocolError, Reason } from '../packets/reason.js';
import { IncomingAliases } from '../packets/topic-aliases.js';
import type { Client } from './client.js';
import { type ClientSettings, DEFAULT_SETTINGS } from './client-settings.js';

const MQTT_5 = 5;
/** CONNACK of MQTT 3.1.1 with return code 1, unacceptable protocol version. */
const CONNACK_3_1_1 = Buffer.from([0x20, 2, 0, 1]);
const NO_ALIASES = new IncomingAliases(0);
const MAX_CLIENT_ID_LENGTH = 1024;

/** Lets the client in, or answers why not and closes. */
export function handleConnect(connection: Client, frame: Buffer): void {
  const version = protocolVersion(frame);
  try {
    if (version !== MQTT_5) throw fault(Reason.unsupportedProtocolVersion, 'This broker speaks MQTT 5 only');
    accept(connection, decodePacket(frame) as IConnectPacket);
  } catch (error) {
    if (!(error instanceof ProtocolFault)) throw error;
    const { reasonCode, message: reasonString } = error;
    connection.broker.logger.warn({ ...connection.peer, version, reasonCode }, `refused: ${reasonString}`);
    const properties = { reasonString };
    const refusal = encodePacket({ cmd: 'connack', reasonCode, sessionPresent: false, properties });
    if (version !== undefined) connection.send(version < MQTT_5 ? CONNACK_3_1_1 : refusal);
    connection.end();
  }
}

function accept(connection: Client, packet: IConnectPacket): void {
  const { broker } = connection;
  const { limits, sessions } = broker;
  const will = checkConnect(broker.options, packet);
  const clientId = packet.clientId || `assigned-${randomUUID()}`;
  const previous = sessions.all.get(clientId);
  if (previous?.connection === undefined && broker.connections.size >= limits.connections) {
    throw fault(Reason.quotaExceeded, `${limits.connections} clients are connected, no more are let in`);
  }
  if (previous === undefined && sessions.all.size >= limits.sessions) {
    throw fault(Reason.quotaExceeded, `${limits.sessions} sessions exist, no more are opened`);
  }
  const { clean = false, keepalive = 0, properties } = packet;
  const settings: ClientSettings = { ...DEFAULT_SETTINGS, ...properties, clientId, keepalive };
  const announced: NonNullable<IConnackPacket['properties']> = {
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.packetBytes,
    topicAliasMaximum: limits.topicAliases,
    ...(packet.clientId === '' && { assignedClientIdentifier: clientId }),
  };
  const connack = (sessionPresent: boolean): Buffer =>
    encodePacket({ cmd: 'connack', reasonCode: 0, sessionPresent, properties: announced });
  if (connack(false).length > settings.maximumPacketSize) {
    throw fault(Reason.packetTooLarge, 'The client takes no packet as large as CONNACK');
  }

  previous?.connection?.close(Reason.sessionTakenOver, 'Another connection uses the same client identifier');
  const stored = sessions.all.get(clientId);
  if (clean && stored !== undefined) sessions.end(stored);
  const sessionPresent = !clean && stored !== undefined;
  const session = sessions.open(clientId);
  session.will = will;
  connection.begin(session, settings);
  connection.send(connack(sessionPresent));
  broker.logger.info({ clientId, sessionPresent, ...connection.peer }, 'client connected');
  session.attach(connection);
}

/** @throws ProtocolFault for what no client may ask for, and for wrong credentials. */
function checkConnect(options: ResolvedDevBrokerOptions, packet: IConnectPacket): Will | undefined {
  const { clientId, username, password, properties = {}, will } = packet;
  if (properties.authenticationData !== undefined && properties.authenticationMethod === undefined) {
    throw protocolError('CONNECT has authentication data and no authentication method');
  }
  if (properties.authenticationMethod !== undefined) {
    throw fault(Reason.badAuthenticationMethod, 'This broker takes user name and password only');
  }
  const known = [isSame(username, options.username), isSame(password, options.password)];
  if (known.includes(false)) {
    throw fault(Reason.badUserNameOrPassword, 'The user name or the password is wrong');
  }
  if (properties.receiveMaximum === 0) throw protocolError('The receive maximum is 0');
  if (properties.maximumPacketSize === 0) throw protocolError('The maximum packet size is 0');
  if (clientId.length > MAX_CLIENT_ID_LENGTH || clientId.includes('\0')) {
    throw fault(Reason.clientIdentifierNotValid, 'The client identifier is too long or has a NUL');
  }
  return will && readWill(will);
}

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, so that an answer's delay tells nothing about the password. */
const isSame = (given: string | Uint8Array = '', expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** The version that CONNECT names, or undefined when it isn't MQTT at all. */
function protocolVersion(frame: Buffer): number | undefined {
  const start = frame.toString('latin1', 0, 16);
  if (start.includes('\0\x04MQTT')) return frame[start.indexOf('MQTT') + 4];
  return start.includes('\0\x06MQIsdp') ? 3 : undefined;
}

/** A will is a message like any other from here on, so it takes the same form: a decoded PUBLISH. */
function readWill(will: NonNullable<IConnectPacket['will']>): Will {
  const { topic, payload, qos = 0, retain = false } = will;
  if (qos > 2) throw malformed('Both QoS bits of the will are set');
  const { willDelayInterval: delaySeconds = 0, ...properties } = will.properties ?? {};
  const head = { cmd: 'publish', messageId: 1, dup: false } as const;
  const frame = encodePacket({ ...head, topic, payload, qos, retain, properties });
  return { message: decodePublish(frame, NO_ALIASES).message, delaySeconds };
}
