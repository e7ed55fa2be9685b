import type { IDisconnectPacket, ISubscribePacket, ISubscription, IUnsubscribePacket } from 'mqtt-packet';
import type { Broker } from '../broker/broker.js';
import type { Delivery, Session } from '../broker/session.js';
import { subscriptionBytes } from '../broker/subscriptions.js';
import { decodePublish } from '../packets/decode-publish.js';
import { lowerQoS } from '../packets/message.js';
import { decodeAck, decodePacket, encodePacket, PacketType, PINGREQ, PINGRESP } from '../packets/packets.js';
import { fault, protocolError, Reason } from '../packets/reason.js';
import { isValidTopicFilter, sharedFilter } from '../packets/topics.js';
import type { Client } from './client.js';
import { handleConnect } from './connect.js';

/** Handles one packet of a client. @throws ProtocolFault for what must end the connection. */
export function handleFrame(connection: Client, frame: Buffer): void {
  const type = frame.readUInt8(0) >> 4;
  const { session } = connection;
  if (session === undefined) {
    if (type === PacketType.connect) handleConnect(connection, frame);
    else connection.end();
  } else if (type === PacketType.publish) {
    handlePublish(connection, session, frame);
  } else if (type >= PacketType.puback && type <= PacketType.pubcomp) {
    handleAck(connection, session, frame);
  } else if (frame.equals(PINGREQ)) {
    connection.send(PINGRESP);
  } else {
    const packet = decodePacket(frame);
    if (packet.cmd === 'subscribe') handleSubscribe(connection, session, packet);
    else if (packet.cmd === 'unsubscribe') handleUnsubscribe(connection, session, packet);
    else if (packet.cmd === 'disconnect') handleDisconnect(connection, session, packet);
    else throw protocolError(`A client may not send ${packet.cmd} here`);
  }
}

function handlePublish(connection: Client, session: Session, frame: Buffer): void {
  const { broker, incomingAliases } = connection;
  const { message, dup, packetId } = decodePublish(frame, incomingAliases);
  const { qos, retain } = message;
  if (qos === 2 && session.received.has(packetId)) {
    connection.sendAck('pubrec', packetId, Reason.success);
    return;
  }
  if (qos === 2 && session.received.size >= broker.limits.receiveMaximum) {
    throw fault(Reason.receiveMaximumExceeded, 'Too many QoS 2 messages are not released');
  }
  broker.traffic.message('published', session.clientId, { message, qos, retain, dup });
  const reasonCode = broker.publish(message, session);
  if (qos === 2 && reasonCode < Reason.unspecified) session.received.add(packetId);
  if (qos > 0) connection.sendAck(qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode);
}

function handleAck(connection: Client, session: Session, frame: Buffer): void {
  const { name, packetId, reasonCode } = decodeAck(frame);
  const answerFor = (known: boolean): number => (known ? Reason.success : Reason.packetIdentifierNotFound);
  if (name === 'pubrel') {
    connection.sendAck('pubcomp', packetId, answerFor(session.received.delete(packetId)));
    return;
  }
  const expected = session.awaited(packetId);
  const wanted = name === 'puback' ? 1 : 2;
  if (expected && expected.qos !== wanted) throw protocolError(`${name} for a QoS ${expected.qos} message`);
  if (name !== 'pubrec' || reasonCode >= Reason.unspecified) {
    session.settle(packetId);
  } else {
    if (expected !== undefined) expected.released = true;
    connection.sendAck('pubrel', packetId, answerFor(expected !== undefined));
  }
}

function handleSubscribe(connection: Client, session: Session, packet: ISubscribePacket): void {
  const { broker } = connection;
  const id = packet.properties?.subscriptionIdentifier;
  if (packet.subscriptions.length === 0) throw protocolError('A SUBSCRIBE has no filter');
  if (id !== undefined && !(id > 0)) throw protocolError('A subscription identifier is 0 or cut off');
  const ids = id === undefined ? [] : [id];
  const retained: Delivery[] = [];
  const granted = packet.subscriptions.map((requested): number => {
    const { topic: filter, qos, rh = 0 } = requested;
    const isNew = !session.filters.has(filter);
    const refusal = refuseSubscription(broker, session, requested);
    if (refusal !== undefined) return refusal;
    const { nl: noLocal = false, rap: retainAsPublished = false } = requested;
    broker.subscriptions.add({ session, filter, qos, noLocal, retainAsPublished, ids });
    broker.traffic.emit({ type: 'subscribed', clientId: session.clientId, filter, qos });
    if (sharedFilter(filter) === undefined && (rh === 0 || (rh === 1 && isNew))) {
      for (const message of broker.retained.matching(filter)) {
        retained.push({ message, qos: lowerQoS(qos, message.qos), retain: true, ids, group: undefined });
      }
    }
    return qos;
  });
  connection.send(encodePacket({ cmd: 'suback', messageId: packet.messageId ?? 0, granted }));
  for (const delivery of retained) session.deliver(delivery);
}

function refuseSubscription(
  broker: Broker,
  session: Session,
  { topic, nl }: ISubscription,
): number | undefined {
  const shared = sharedFilter(topic);
  if (shared === '' || !isValidTopicFilter(topic)) return Reason.topicFilterInvalid;
  if (shared !== undefined && nl) throw protocolError('A shared subscription may not have No Local');
  const limit = broker.limits.subscriptions;
  if (session.filters.has(topic)) return undefined;
  if (session.filters.size < limit && broker.memory.take(subscriptionBytes(topic))) return undefined;
  broker.logger.warn({ clientId: session.clientId, limit }, 'too many subscriptions');
  return Reason.quotaExceeded;
}

function handleUnsubscribe(connection: Client, session: Session, packet: IUnsubscribePacket): void {
  const { subscriptions, traffic } = connection.broker;
  const { unsubscriptions, messageId = 0 } = packet;
  if (unsubscriptions.length === 0) throw protocolError('An UNSUBSCRIBE has no filter');
  const granted = unsubscriptions.map((filter): number => {
    if (!subscriptions.remove(session, filter)) return Reason.noSubscriptionExisted;
    traffic.emit({ type: 'unsubscribed', clientId: session.clientId, filter });
    return Reason.success;
  });
  connection.send(encodePacket({ cmd: 'unsuback', messageId, granted }));
}

function handleDisconnect(connection: Client, session: Session, packet: IDisconnectPacket): void {
  const { reasonCode = Reason.success, properties } = packet;
  const expiry = properties?.sessionExpiryInterval ?? session.expirySeconds;
  if (expiry > 0 && connection.settings.sessionExpiryInterval === 0) {
    throw protocolError("DISCONNECT can't give an expiry to a session that CONNECT gave none");
  }
  session.expirySeconds = expiry;
  if (reasonCode === Reason.success) session.will = undefined;
  connection.end(reasonCode);
}
