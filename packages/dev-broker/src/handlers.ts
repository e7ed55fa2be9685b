import type { IDisconnectPacket, ISubscribePacket, ISubscription, IUnsubscribePacket } from 'mqtt-packet';
import type { BrokerState } from './broker-state.js';
import { handleConnect } from './connect.js';
import type { Connection } from './connection.js';
import { decodePublish } from './decode-publish.js';
import { lowerQoS } from './message.js';
import { decodeAck, decodePacket, encodePacket, PacketType, PINGREQ, PINGRESP } from './packets.js';
import { fault, protocolError, Reason } from './reason.js';
import { route } from './router.js';
import type { Delivery, Session } from './session.js';
import { isValidTopicFilter, parseShared } from './topics.js';

export interface Frame {
  readonly bytes: Buffer;
  readonly bodyStart: number;
}

/** Handles one packet of a client. @throws ProtocolFault for what must end the connection. */
export function handleFrame(broker: BrokerState, connection: Connection, frame: Frame): void {
  const { bytes } = frame;
  const type = bytes.readUInt8(0) >> 4;
  const { session } = connection;
  if (session === undefined) {
    if (type === PacketType.connect) handleConnect(broker, connection, frame);
    else connection.end();
    return;
  }
  const context = { broker, connection, session };
  if (type === PacketType.publish) handlePublish(context, frame);
  else if (type >= PacketType.puback && type <= PacketType.pubcomp) handleAck(context, bytes);
  else if (bytes.equals(PINGREQ)) connection.send(PINGRESP);
  else handleOther(context, bytes);
}

interface Context {
  readonly broker: BrokerState;
  readonly connection: Connection;
  readonly session: Session;
}

function handleOther(context: Context, bytes: Buffer): void {
  const packet = decodePacket(bytes);
  if (packet.cmd === 'subscribe') handleSubscribe(context, packet);
  else if (packet.cmd === 'unsubscribe') handleUnsubscribe(context, packet);
  else if (packet.cmd === 'disconnect') handleDisconnect(context, packet);
  else throw protocolError(`A client may not send ${packet.cmd} here`);
}

function handlePublish({ broker, connection, session }: Context, { bytes, bodyStart }: Frame): void {
  const { message, dup, packetId } = decodePublish(bytes, bodyStart, connection.incomingAliases);
  const { qos, retain } = message;
  if (qos === 2 && session.received.has(packetId)) {
    connection.sendAck({ name: 'pubrec', packetId, reasonCode: Reason.success });
    return;
  }
  if (qos === 2 && session.received.size >= broker.limits.receiveMaximum) {
    throw fault(Reason.receiveMaximumExceeded, 'Too many QoS 2 messages are not released');
  }
  broker.traffic.message('published', session.clientId, { message, qos, retain, dup });
  const reasonCode = route(broker, message, session);
  if (qos === 1) connection.sendAck({ name: 'puback', packetId, reasonCode });
  if (qos === 2) {
    if (reasonCode < Reason.unspecified) session.received.add(packetId);
    connection.sendAck({ name: 'pubrec', packetId, reasonCode });
  }
}

function handleAck({ connection, session }: Context, bytes: Buffer): void {
  const { name, packetId, reasonCode } = decodeAck(bytes);
  if (name === 'pubrel') {
    const known = session.received.delete(packetId);
    const answer = known ? Reason.success : Reason.packetIdentifierNotFound;
    connection.sendAck({ name: 'pubcomp', packetId, reasonCode: answer });
    return;
  }
  const expected = session.awaited(packetId);
  const wanted = name === 'puback' ? 1 : 2;
  if (expected !== undefined && expected.qos !== wanted) {
    throw protocolError(`${name} answers a QoS ${expected.qos} message`);
  }
  if (name !== 'pubrec') {
    session.settle(packetId);
  } else if (expected === undefined) {
    connection.sendAck({ name: 'pubrel', packetId, reasonCode: Reason.packetIdentifierNotFound });
  } else if (reasonCode >= Reason.unspecified) {
    session.settle(packetId);
  } else {
    expected.released = true;
    connection.sendRelease(packetId);
  }
}

function handleSubscribe(context: Context, packet: ISubscribePacket): void {
  const { broker, connection, session } = context;
  const id = packet.properties?.subscriptionIdentifier;
  if (packet.subscriptions.length === 0) throw protocolError('A SUBSCRIBE has no filter');
  if (id !== undefined && !(id > 0)) throw protocolError('A subscription identifier is 0 or cut off');
  const ids = id === undefined ? [] : [id];
  const retained: Delivery[] = [];
  const granted = packet.subscriptions.map((requested): number => {
    const { topic: filter, qos, rh = 0 } = requested;
    const isNew = !session.filters.has(filter);
    const refusal = refuseSubscription(context, requested);
    if (refusal !== undefined) return refusal;
    const { nl: noLocal = false, rap: retainAsPublished = false } = requested;
    broker.subscriptions.add({ session, filter, qos, noLocal, retainAsPublished, ids });
    broker.traffic.emit({ type: 'subscribed', clientId: session.clientId, filter, qos });
    if (parseShared(filter) === undefined && (rh === 0 || (rh === 1 && isNew))) {
      for (const message of broker.retained.matching(filter)) {
        retained.push({ message, qos: lowerQoS(qos, message.qos), retain: true, ids, group: undefined });
      }
    }
    return qos;
  });
  connection.send(encodePacket({ cmd: 'suback', messageId: packet.messageId ?? 0, granted }));
  for (const delivery of retained) session.deliver(delivery);
}

function refuseSubscription({ broker, session }: Context, { topic, nl }: ISubscription): number | undefined {
  const shared = parseShared(topic);
  if (shared === 'invalid' || !isValidTopicFilter(topic)) return Reason.topicFilterInvalid;
  if (shared !== undefined && nl) throw protocolError('A shared subscription may not have No Local');
  const limit = broker.limits.subscriptions;
  if (session.filters.has(topic) || session.filters.size < limit) return undefined;
  broker.logger.warn({ clientId: session.clientId, limit }, 'too many subscriptions');
  return Reason.quotaExceeded;
}

function handleUnsubscribe({ broker, connection, session }: Context, packet: IUnsubscribePacket): void {
  const { unsubscriptions, messageId = 0 } = packet;
  if (unsubscriptions.length === 0) throw protocolError('An UNSUBSCRIBE has no filter');
  const granted = unsubscriptions.map((filter): number => {
    if (!broker.subscriptions.remove(session, filter)) return Reason.noSubscriptionExisted;
    broker.traffic.emit({ type: 'unsubscribed', clientId: session.clientId, filter });
    return Reason.success;
  });
  connection.send(encodePacket({ cmd: 'unsuback', messageId, granted }));
}

function handleDisconnect({ connection, session }: Context, packet: IDisconnectPacket): void {
  const expiry = packet.properties?.sessionExpiryInterval;
  if (expiry !== undefined) {
    if (expiry > 0 && connection.settings.sessionExpirySeconds === 0) {
      throw protocolError("DISCONNECT can't give an expiry to a session that CONNECT gave none");
    }
    session.expirySeconds = expiry;
  }
  if ((packet.reasonCode ?? 0) === Reason.success) session.will = undefined;
  connection.end(packet.reasonCode);
}
