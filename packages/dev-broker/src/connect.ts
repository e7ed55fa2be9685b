import { randomUUID } from 'node:crypto';
import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import type { BrokerState } from './broker-state.js';
import type { ClientSettings, Connection } from './connection.js';
import { decodePublish } from './decode-publish.js';
import type { Frame } from './handlers.js';
import { decodePacket, encodePacket } from './packets.js';
import { fault, malformed, ProtocolFault, protocolError, Reason } from './reason.js';
import type { Will } from './session.js';
import { IncomingAliases } from './topic-aliases.js';

const MQTT_5 = 5;
/** CONNACK of MQTT 3.1.1 with return code 1, unacceptable protocol version. */
const CONNACK_3_1_1 = Buffer.from([0x20, 2, 0, 1]);
const NO_ALIASES = new IncomingAliases(0);
const MAX_CLIENT_ID_LENGTH = 1024;

/** Lets the client in, or answers why not and closes. */
export function handleConnect(broker: BrokerState, connection: Connection, frame: Frame): void {
  const version = protocolVersion(frame);
  if (version !== MQTT_5) {
    broker.logger.warn({ ...connection.peer, version }, 'refused: this broker speaks MQTT 5 only');
    if (version === 3 || version === 4) connection.send(CONNACK_3_1_1);
    else if (version !== undefined)
      refuse(connection, Reason.unsupportedProtocolVersion, 'This broker speaks MQTT 5');
    connection.end();
    return;
  }
  try {
    accept(broker, connection, decodePacket(frame.bytes) as IConnectPacket);
  } catch (error) {
    if (!(error instanceof ProtocolFault)) throw error;
    broker.logger.warn({ ...connection.peer, reasonCode: error.reasonCode }, `refused: ${error.message}`);
    refuse(connection, error.reasonCode, error.message);
    connection.end();
  }
}

function accept(broker: BrokerState, connection: Connection, packet: IConnectPacket): void {
  const { limits, sessions } = broker;
  const { clean = false, properties = {} } = packet;
  if (properties.authenticationMethod !== undefined) {
    throw fault(Reason.badAuthenticationMethod, 'This broker takes user name and password only');
  }
  if (!broker.credentials.accepts(packet.username, packet.password)) {
    throw fault(Reason.badUserNameOrPassword, 'The user name or the password is wrong');
  }
  if (properties.receiveMaximum === 0) throw protocolError('The receive maximum is 0');
  if (properties.maximumPacketSize === 0) throw protocolError('The maximum packet size is 0');
  if (packet.clientId.length > MAX_CLIENT_ID_LENGTH || packet.clientId.includes('\0')) {
    throw fault(Reason.clientIdentifierNotValid, 'The client identifier is too long or has a NUL');
  }
  const will = packet.will === undefined ? undefined : readWill(packet.will);
  const clientId = packet.clientId === '' ? `assigned-${randomUUID()}` : packet.clientId;
  const previous = sessions.get(clientId);
  if (previous?.link === undefined && broker.connections.size >= limits.connections) {
    throw fault(Reason.quotaExceeded, `${limits.connections} clients are connected, no more are let in`);
  }
  if (previous === undefined && sessions.size >= limits.sessions) {
    throw fault(Reason.quotaExceeded, `${limits.sessions} sessions exist, no more are opened`);
  }

  const settings: ClientSettings = {
    clientId,
    keepAliveSeconds: packet.keepalive ?? 0,
    receiveMaximum: properties.receiveMaximum ?? 0xffff,
    maximumPacketBytes: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    sessionExpirySeconds: properties.sessionExpiryInterval ?? 0,
  };
  const connack = (sessionPresent: boolean): Buffer => {
    const announced: NonNullable<IConnackPacket['properties']> = {
      receiveMaximum: limits.receiveMaximum,
      maximumPacketSize: limits.packetBytes,
      topicAliasMaximum: limits.topicAliases,
    };
    if (packet.clientId === '') announced.assignedClientIdentifier = clientId;
    return encodePacket({ cmd: 'connack', reasonCode: 0, sessionPresent, properties: announced });
  };
  if (connack(false).length > settings.maximumPacketBytes) {
    throw fault(Reason.packetTooLarge, 'The client takes no packet as large as CONNACK');
  }

  previous?.link?.close(Reason.sessionTakenOver, 'Another connection uses the same client identifier');
  const stored = sessions.get(clientId);
  if (clean && stored !== undefined) sessions.end(stored);
  const sessionPresent = !clean && stored !== undefined;
  const session = sessions.open(clientId);
  session.will = will;
  session.onFull = () =>
    broker.logger.warn({ clientId, stored: session.stored }, 'queue full, messages are dropped');
  connection.begin(session, settings);
  connection.send(connack(sessionPresent));
  broker.logger.info({ clientId, sessionPresent, ...connection.peer }, 'client connected');
  session.attach(connection);
}

function refuse(connection: Connection, reasonCode: number, reasonString: string): void {
  connection.send(
    encodePacket({ cmd: 'connack', reasonCode, sessionPresent: false, properties: { reasonString } }),
  );
}

/** The version that CONNECT names, or undefined when it isn't MQTT at all. */
function protocolVersion({ bytes, bodyStart }: Frame): number | undefined {
  const name = bytes.toString('latin1', bodyStart);
  return name.startsWith('\0\x04MQTT')
    ? bytes[bodyStart + 6]
    : name.startsWith('\0\x06MQIsdp')
      ? 3
      : undefined;
}

/** A will is a message like any other from here on, so it takes the same form: a decoded PUBLISH. */
function readWill(will: NonNullable<IConnectPacket['will']>): Will {
  const { topic, payload, qos = 0, retain = false } = will;
  if (qos > 2) throw malformed('Both QoS bits of the will are set');
  const { willDelayInterval: delaySeconds = 0, ...properties } = will.properties ?? {};
  const publish = {
    cmd: 'publish',
    topic,
    payload,
    qos,
    retain,
    properties,
    messageId: 1,
    dup: false,
  } as const;
  const frame = encodePacket(publish);
  const bodyStart = frame.findIndex((byte, index) => index > 0 && byte < 0x80) + 1;
  return { message: decodePublish(frame, bodyStart, NO_ALIASES).message, delaySeconds };
}
