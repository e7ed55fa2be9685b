import { PublishError, SubscribeError, TransportError } from '@intersect-sdk/core';
import { AUTH_REASONS, reasonText } from './reason-codes.js';

/** What went wrong, according to mqtt.js, the socket or the broker's own packet. */
export interface Fault {
  readonly code?: unknown;
  readonly message?: unknown;
}

const SESSION_TAKEN_OVER = 142;

export interface LostFrom {
  /** The broker's address without credentials. */
  readonly broker: string;
  /** What the broker knew this program as. */
  readonly clientId: string;
}

/** Why an open connection ended. */
export function lostError({ broker, clientId }: LostFrom, fault: Fault | undefined): TransportError {
  const lost = (why: string): TransportError =>
    new TransportError('CONNECTION_LOST', `The connection to ${broker} was lost: ${why}.`, { cause: fault });
  const { code } = fault ?? {};
  if (code === SESSION_TAKEN_OVER) {
    return new TransportError(
      'SESSION_TAKEN_OVER',
      [
        `Another program runs at ${broker} as '${clientId}', so the broker ended this connection, for good.`,
        'Is the same service, or client, started twice? End one of them, or give it another name;',
        'several instances of one service need `replicas: true` each.',
      ].join(' '),
      { cause: fault },
    );
  }
  if (typeof code === 'number' && AUTH_REASONS.has(code)) {
    return new TransportError(
      'AUTH_REFUSED',
      `${broker} ended the connection: ${reasonText(code)}. Check user name and password, and what the broker allows them.`,
      { cause: fault },
    );
  }
  if (typeof code === 'number') return lost(`the broker ended it, ${reasonText(code)}`);
  if (typeof code === 'string') return lost(`the network failed (${code})`);
  if (fault?.message === 'Keepalive timeout') return lost('the broker stopped answering');
  return lost(fault ? 'what came in could not be read' : 'the other side closed it');
}

const LONGEST_SHOWN = 400;

/** Unspecified, implementation specific, quota exceeded: the broker could not, and may be able to later. Anything else it forbids. */
const BUSY_REASONS = new Set([0x80, 0x83, 0x97]);

/** The broker's word on a publish that it did not take. */
export function publishRefused(channel: string, reason: number): TransportError {
  if (BUSY_REASONS.has(reason)) {
    return new TransportError(
      'BROKER_BUSY',
      [
        `The broker could not take the message to ${channel} for now: ${reasonText(reason)}.`,
        'A queue may be full, or a node of a cluster away. It may have taken the message all the same.',
      ].join(' '),
    );
  }
  const advice =
    reason === 135 ? 'Check what the broker allows this user to write.' : 'The message was not delivered.';
  return new PublishError(
    'PUBLISH_REFUSED',
    `The broker refused the message to ${channel}: ${reasonText(reason)}. ${advice}`,
  );
}

/** The connection ended over it, time and again. Retryable, because that is a guess: a network may have failed as often. */
export function publishEndsConnection(channel: string): PublishError {
  return new PublishError(
    'PUBLISH_REFUSED',
    [
      `The connection ended each time that the message to ${channel} was sent, which is how RabbitMQ`,
      'refuses one. Check what it allows this user to write, or whether the network ends connections.',
    ].join(' '),
    { retryable: true },
  );
}

/** The error for a message that MQTT can't carry: the broker would end the connection over it. */
export function notCarried(channel: string, what: string): PublishError {
  return new PublishError(
    'PUBLISH_REFUSED',
    `The message to ${channel} was not sent, because MQTT cannot carry it: ${what}.`,
    { mayHaveRun: false },
  );
}

export function packetTooLarge(channel: string, size: number, limit: number): PublishError {
  return new PublishError(
    'PAYLOAD_TOO_LARGE',
    [
      `The message to ${channel} makes a packet of ${size} bytes with its headers; this broker accepts`,
      `${limit}. Send large data through a data store (data handler MINIO, or offloadAboveBytes for all above`,
      "a size), or raise the broker's limit.",
    ].join(' '),
  );
}

/** The error for a subscription that the broker refused. */
export function subscribeRefused(channel: string, reason: number): SubscribeError {
  const advice =
    reason === 135 ? 'Check what the broker allows this user to read.' : 'Nothing will come in from it.';
  return new SubscribeError(
    'SUBSCRIBE_REFUSED',
    `The broker refused the subscription to ${channel}: ${reasonText(reason)}. ${advice}`,
  );
}

/** A subscription, or its end, can't be written as MQTT, or the library refuses it; the connection is as it was. */
export function subscribeFailed(channel: string, why: unknown): SubscribeError {
  const text = why instanceof Error ? why.message : String(why);
  return new SubscribeError(
    'SUBSCRIBE_REFUSED',
    `The broker could not be asked about the subscription to ${channel.slice(0, LONGEST_SHOWN)}: ${text.replace(/\.$/, '')}.`,
    { cause: why },
  );
}

/** The session that a subscription needs could not be opened, and trying again can't help. */
export function sessionRefused(channel: string, cause: TransportError): SubscribeError {
  return new SubscribeError(
    'SUBSCRIBE_REFUSED',
    `The subscription to ${channel} needs an MQTT session of its own, which was refused. ${cause.message}`,
    { cause },
  );
}

/** More messages came in without acknowledgement than may wait for their handler. */
export function handlerTooSlow(channel: string, limit: number): TransportError {
  return new TransportError(
    'PENDING_FULL',
    [
      `A message on ${channel} was dropped: ${limit} already wait for the handler, and this one came`,
      'without acknowledgement (QoS 0).',
      "Raise the subscription's concurrency or maxQueuedMessages, or have the sender publish it durable.",
    ].join(' '),
  );
}
