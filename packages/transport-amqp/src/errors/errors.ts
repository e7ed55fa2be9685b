import { type IntersectError, PublishError, SubscribeError, TransportError } from '@intersect-sdk/core';
import { IllegalOperationError } from 'amqplib';

/** What the broker gave as its reason, in AMQP's reply code and text. */
export interface BrokerReason {
  readonly code: number;
  readonly text: string;
}

/** A routing key is a short string of AMQP. */
const LONGEST_ROUTING_KEY_BYTES = 255;
const LONGEST_SHOWN = 400;

/** amqplib has the reply text only inside a sentence, and during the handshake the code too. */
export function reasonOf(error: unknown): BrokerReason | undefined {
  const match = /(\d{3}) \([A-Z-]+\) with message "([\s\S]*)"/.exec(messageOf(error));
  return match ? { code: Number(match[1]), text: match[2] ?? '' } : undefined;
}

/**
 * Whether amqplib says that a channel, or all of the connection, ended under an operation. Whatever else it
 * throws is about the operation.
 */
export function saysEnded(error: unknown): boolean {
  return error instanceof IllegalOperationError || /^Channel ended|^channel closed/i.test(messageOf(error));
}

/** The connection was there and ended, or was cut before the broker confirmed. */
export function lostError(error: unknown, at: string): TransportError {
  const reason = reasonOf(error);
  const message = messageOf(error);
  const why = reason
    ? `The broker at ${at} closed the connection: ${reason.text}`
    : message === 'Heartbeat timeout'
      ? `The broker at ${at} sent nothing for more than two heartbeats`
      : `The connection to the broker at ${at} ended${codeOf(error) ? ` (${codeOf(error)})` : ''}`;
  return new TransportError('CONNECTION_LOST', `${why}.`, { cause: error });
}

/** Declaring or checking the exchange failed right after the login. */
export function exchangeError(error: unknown, at: string, exchange: string): TransportError {
  const cause = { cause: error };
  const what = `exchange '${exchange}' of the broker at ${at}`;
  switch (reasonOf(error)?.code) {
    case 403:
      return new TransportError(
        'AUTH_REFUSED',
        [
          `This user may not declare ${what}: give it the configure permission, or set isRoot to false where`,
          'somebody else makes the exchange.',
        ].join(' '),
        cause,
      );
    case 404:
      return new TransportError(
        'CONNECT_REFUSED',
        `There is no ${what}, and isRoot: false forbids making it: ask those who run the broker to make it, or set isRoot to true.`,
        cause,
      );
    case 406:
      return new TransportError(
        'PROTOCOL_REFUSED',
        `The ${what} is not a durable topic exchange (${mismatchOf(error)}): use another exchange, or delete it.`,
        cause,
      );
    default:
      if (reasonOf(error) || saysEnded(error)) return lostError(error, at);
      return new TransportError(
        'PROTOCOL_REFUSED',
        `The ${what} cannot be used: ${messageOf(error)}.`,
        cause,
      );
  }
}

/** A step of subscribing failed. Not for a lost connection. */
export function subscribeError(
  error: unknown,
  { channel, queue }: { readonly channel: string; readonly queue: string },
): IntersectError {
  const cause = { cause: error };
  const reason = reasonOf(error);
  const name = queue === '' ? 'a queue of its own' : `queue '${queue}'`;
  if (reason && isPassing(reason)) {
    return new TransportError(
      'BROKER_BUSY',
      `The broker could not make the subscription to ${channel} with ${name} for now: ${reason.text}.`,
      cause,
    );
  }
  if (!reason && /no channels left/i.test(messageOf(error))) {
    return new SubscribeError(
      'SUBSCRIBE_REFUSED',
      [
        `The subscription to ${channel} was not asked for: its connection has as many channels as the broker allows.`,
        'Share several connections among clients and services, or raise channel_max in rabbitmq.conf.',
      ].join(' '),
      cause,
    );
  }
  if (!reason) {
    return new SubscribeError(
      'SUBSCRIBE_REFUSED',
      `The subscription to ${channel} with ${name} was not asked for: ${messageOf(error)}.`,
      cause,
    );
  }
  switch (reason.code) {
    case 404:
      return new SubscribeError(
        'QUEUE_MISMATCH',
        [
          `Subscribing to ${channel} needs ${name}, which does not exist, and isRoot: false forbids making`,
          'it: ask those who run the broker to make it, or set isRoot to true.',
        ].join(' '),
        cause,
      );
    case 406:
      return new SubscribeError(
        'QUEUE_MISMATCH',
        [
          `Subscribing to ${channel} needs ${name}, which exists with other arguments (${mismatchOf(error)}):`,
          'delete it at the broker, or give this program another name.',
        ].join(' '),
        cause,
      );
    case 405:
      return new SubscribeError(
        'SUBSCRIBE_REFUSED',
        `Subscribing to ${channel} needs ${name}, which another connection holds for itself alone.`,
        cause,
      );
    case 403:
      return new SubscribeError(
        'SUBSCRIBE_REFUSED',
        `The broker refused the subscription to ${channel} with ${name}: the user lacks the ${permissionOf(reason.text)}.`,
        cause,
      );
    default:
      return new SubscribeError(
        'SUBSCRIBE_REFUSED',
        `The broker refused the subscription to ${channel} with ${name}: ${reason.text}.`,
        cause,
      );
  }
}

/**
 * Whether the queue is there and its node is not, or is about to go: an orderly end of a node stops its queues first, and says so with
 * the code of a queue that does not exist.
 */
function isPassing({ code, text }: BrokerReason): boolean {
  if (/down or inaccessible|timed? ?out|minority/i.test(text)) return true;
  return code === 404 && !/no (queue|exchange)/i.test(text);
}

/** The broker ended a subscription that was running. */
export function subscriptionEnded(error: unknown, channel: string): TransportError {
  const reason = reasonOf(error);
  const why = reason ? reason.text : 'its queue was deleted';
  return new TransportError('CONNECTION_LOST', `The broker ended the subscription to ${channel}: ${why}.`, {
    cause: error,
  });
}

export interface Refusal {
  /** Which of the messages in flight the broker's words are about. */
  concerns(message: { readonly routingKey: string; readonly bytes: number }): boolean;
  errorFor(channel: string): PublishError;
}

/** The broker closed the publishing channel: because of which message, as far as its words tell. */
export function refusalOf(error: unknown): Refusal | undefined {
  const reason = reasonOf(error);
  const cause = { cause: error };
  if (reason?.code === 403) {
    const topic = /to topic '([^']*)'/.exec(reason.text)?.[1];
    return {
      concerns: ({ routingKey }) => topic === undefined || topic === routingKey,
      errorFor: (channel) =>
        new PublishError(
          'PUBLISH_REFUSED',
          `The broker refused the message to ${channel}: the user lacks the ${permissionOf(reason.text)}.`,
          cause,
        ),
    };
  }
  const [, size, limit] = /message size (\d+) is larger than .*?(\d+)/.exec(reason?.text ?? '') ?? [];
  if (size === undefined) return undefined;
  return {
    concerns: ({ bytes }) => bytes === Number(size),
    errorFor: (channel) =>
      new PublishError(
        'PAYLOAD_TOO_LARGE',
        [
          `The message to ${channel} has ${size} bytes; this broker accepts ${limit}.`,
          'Send large data through a data store (data handler MINIO, or offloadAboveBytes for all above a size),',
          "or raise the broker's limit and",
          'maxPayloadBytes.',
        ].join(' '),
        cause,
      ),
  };
}

/** A word of an address, or all of it, is legal and too long for a routing key; undefined when it is not. */
export function tooLong(channel: string, bytes: number): string | undefined {
  if (bytes <= LONGEST_ROUTING_KEY_BYTES) return undefined;
  return [
    `The channel ${channel.slice(0, LONGEST_SHOWN)} has ${bytes} bytes, and AMQP carries`,
    `${LONGEST_ROUTING_KEY_BYTES} at most. Use shorter names, or MQTT.`,
  ].join(' ');
}

/** The broker could not keep the message, e.g. because a queue is full. */
export function nackError(channel: string): TransportError {
  return new TransportError(
    'BROKER_BUSY',
    [
      `The broker could not take the message to ${channel} for now: a queue may be full, or a node of a`,
      'cluster away. It may have taken the message all the same.',
    ].join(' '),
  );
}

/** The message does not fit into AMQP's frames, and no part of it was sent. */
export function unsendableError(error: unknown, channel: string): PublishError {
  return new PublishError(
    'PUBLISH_REFUSED',
    [
      `The message to ${channel} does not fit into AMQP: a channel, content type or header name may have`,
      '255 bytes, all headers together about 64 KiB.',
    ].join(' '),
    { cause: error, mayHaveRun: false },
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

function mismatchOf(error: unknown): string {
  return argumentThatDiffers(error)?.sentence ?? reasonOf(error)?.text ?? messageOf(error);
}

/** Which argument of a queue or exchange that exists is another one than was wanted. */
export function argumentThatDiffers(
  error: unknown,
): { readonly name: string; readonly sentence: string } | undefined {
  const text = reasonOf(error)?.text ?? messageOf(error);
  const match = /inequivalent arg '([^']*)'.*?: received (.*?) but current is (.*)$/.exec(text);
  return match?.[1]
    ? { name: match[1], sentence: `${match[1]}: wanted ${match[2]}, is ${match[3]}` }
    : undefined;
}

/** `write permission on exchange 'intersect-messages'`; leaves the user's name out. */
function permissionOf(text: string): string {
  const match = /(\w+) access to (.*?) refused/.exec(text);
  return match ? `${match[1]} permission on ${match[2]}` : `permission (${text})`;
}
