import { generate, type IPubackPacket, type Packet, parser } from 'mqtt-packet';
import { uint16 } from './bytes.js';
import { malformed, protocolError } from './reason.js';

/** Properties that a client may send, by packet, as mqtt-packet calls them. */
const ALLOWED: Partial<Record<Packet['cmd'] | 'will', string>> = {
  connect:
    'sessionExpiryInterval receiveMaximum maximumPacketSize topicAliasMaximum requestResponseInformation ' +
    'requestProblemInformation userProperties authenticationMethod authenticationData',
  will:
    'willDelayInterval payloadFormatIndicator messageExpiryInterval contentType responseTopic ' +
    'correlationData userProperties',
  subscribe: 'subscriptionIdentifier userProperties',
  unsubscribe: 'userProperties',
  disconnect: 'sessionExpiryInterval reasonString userProperties',
};
const ALLOWED_FOR_ACKS = 'reasonString userProperties';

/**
 * Reads one whole packet; PUBLISH has its own decoder. Each packet gets a parser of its own, so that a broken
 * one can't be read on into the next.
 * @throws ProtocolFault when the packet is malformed or has a property that it may not have.
 */
export function decodePacket(frame: Buffer): Packet {
  const packets: Packet[] = [];
  const failures: unknown[] = [];
  const reader = parser({ protocolVersion: 5 });
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', (error) => failures.push(error));
  try {
    reader.parse(frame);
  } catch (error) {
    failures.push(error);
  }
  const [packet] = packets;
  const [failure] = failures;
  if (packet === undefined || failure !== undefined) {
    throw malformed(failure instanceof Error ? failure.message : 'A packet is cut off');
  }
  if ('properties' in packet) checkProperties(packet.cmd, packet.properties);
  if (packet.cmd === 'connect') checkProperties('will', packet.will?.properties);
  if (packet.messageId !== undefined && packet.messageId < 1) {
    throw malformed(`The packet identifier of ${packet.cmd} is missing or 0`);
  }
  return packet;
}

function checkProperties(kind: Packet['cmd'] | 'will', properties: object | undefined): void {
  const allowed = (ALLOWED[kind] ?? ALLOWED_FOR_ACKS).split(' ');
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (!allowed.includes(name)) throw protocolError(`${kind} can't have the property ${name}`);
    if (Array.isArray(value)) throw protocolError(`${kind} has the property ${name} twice`);
    if (value === null || value === undefined || (typeof value === 'number' && value < 0)) {
      throw malformed(`The property ${name} of ${kind} is cut off`);
    }
  }
}

export const encodePacket = (packet: Packet): Buffer => generate(packet, { protocolVersion: 5 });

/** The numbers of the packet types that are told apart before parsing. */
export const PacketType = { connect: 1, publish: 3, puback: 4, pubcomp: 7 } as const;

const ACK_FIRST_BYTE = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;
export type AckName = keyof typeof ACK_FIRST_BYTE;

/** The short form without reason code, which is nearly every acknowledgement, needs no parser. */
export function decodeAck(frame: Buffer) {
  for (const name of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
    const packetId = frame.length === 4 ? frame.readUInt16BE(2) : 0;
    if (frame[0] === ACK_FIRST_BYTE[name] && packetId > 0) return { name, packetId, reasonCode: 0 };
  }
  const { cmd, messageId = 0, reasonCode = 0 } = decodePacket(frame) as IPubackPacket;
  return { name: cmd as AckName, packetId: messageId, reasonCode };
}

export function encodeAck(name: AckName, packetId: number, reasonCode: number): Buffer {
  const body = [...uint16(packetId), ...(reasonCode === 0 ? [] : [reasonCode])];
  return Buffer.from([ACK_FIRST_BYTE[name], body.length, ...body]);
}

export const PINGREQ = Buffer.from([0xc0, 0]);
export const PINGRESP = Buffer.from([0xd0, 0]);
