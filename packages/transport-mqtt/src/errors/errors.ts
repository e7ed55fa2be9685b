import { type CodesOf, PublishError, SubscribeError, TransportError } from '@intersect-sdk/core';
import { connectionFailure, tlsFailure } from '@intersect-sdk/transport/endpoint';
import { reasonText } from './reason-codes.js';

/** What went wrong, according to mqtt.js, the socket or the broker's own packet. */
export interface Fault {
  readonly code?: unknown;
  readonly message?: unknown;
}

const AUTH_REASONS = new Set([4, 5, 134, 135, 138, 140]);
const PROTOCOL_REASONS = new Set([1, 2, 129, 130, 132, 133, 143, 144, 149, 153, 154, 155]);
const SESSION_TAKEN_OVER = 142;

/** What a connection was tried with. */
export interface Tried {
  /** The broker's address without credentials. */
  readonly broker: string;
  readonly hasUsername: boolean;
  /** True with a browser's own WebSocket, which never gives a reason. */
  readonly inBrowser: boolean;
}

/** The error for a connection that could not be opened. */
export function connectError(tried: Tried, fault: Fault | undefined): TransportError {
  const { broker } = tried;
  const fail = (code: CodesOf<'TransportError'>, why: string): TransportError =>
    new TransportError(code, `No connection to ${broker}: ${why}`, { cause: fault });
  const { code } = fault ?? {};
  const message = String(fault?.message ?? '');
  if (typeof code === 'number') return refusedByBroker(code, tried, fail);
  // What mqtt.js makes of a certificate that was refused.
  const tls = tlsFailure(message === 'TLS not authorized' ? { code: 'CERT_UNTRUSTED' } : fault);
  if (tls) return fail('TLS_REFUSED', tls);
  if (code === 'ECONNRESET' && !message.includes('secure TLS'))
    return fail('CONNECT_REFUSED', endedEarly(tried));
  const failure = connectionFailure(fault);
  if (failure) return fail(failure.code, failure.why);
  if (typeof code === 'string') return refusedOtherwise(code, message, fail);
  if (message === 'connack timeout') {
    return fail(
      'CONNECT_TIMEOUT',
      'it did not answer in time. Check host and port, and that it speaks MQTT.',
    );
  }
  const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (status) return refusedOverHttp(Number(status), fail);
  if (message.includes('subprotocol')) {
    return fail(
      'PROTOCOL_REFUSED',
      'what answers there speaks WebSocket, but not MQTT. Check port and path.',
    );
  }
  if (!fault || message.includes('WebSocket')) return fail('CONNECT_REFUSED', endedEarly(tried));
  return fail('PROTOCOL_REFUSED', 'what answers there does not speak MQTT 5. Check the port.');
}

/** Why connecting could not even begin: a certificate that can't be read, or an address that the platform does not allow. */
export function setUpError(tried: Tried, thrown: Fault): TransportError {
  if (tlsFailure(thrown)) return connectError(tried, thrown);
  const why = `No connection to ${tried.broker}: it cannot be tried. ${thrown.message}`;
  return new TransportError('PROTOCOL_REFUSED', why, { cause: thrown });
}

/** In a browser, an address that needs a plain socket. */
export function needsWebSocket(broker: string): TransportError {
  const why =
    'a browser can speak MQTT over WebSocket only. Use ws:// or wss://, on RabbitMQ port 15675 and path /ws.';
  return new TransportError('PROTOCOL_REFUSED', `No connection to ${broker}: ${why}`);
}

type Fail = (code: CodesOf<'TransportError'>, why: string) => TransportError;

function refusedByBroker(reason: number, { hasUsername }: Tried, fail: Fail): TransportError {
  const why = `the broker refused it: ${reasonText(reason)}.`;
  if (AUTH_REASONS.has(reason)) {
    const advice = hasUsername
      ? 'Check user name and password, and what the broker allows them.'
      : 'No user name was given: give username and password, or credentials.';
    return fail('AUTH_REFUSED', `${why} ${advice}`);
  }
  if (PROTOCOL_REASONS.has(reason)) {
    return fail('PROTOCOL_REFUSED', `${why} This program needs MQTT 5 and, for its sessions, client ids.`);
  }
  return fail('CONNECT_REFUSED', `${why} Try again later.`);
}

function refusedOtherwise(code: string, message: string, fail: Fail): TransportError {
  if (code.startsWith('HPE_')) {
    return fail('PROTOCOL_REFUSED', `what answers there does not speak WebSocket (${code}). Check the port.`);
  }
  if (message.includes('secure TLS connection')) {
    return fail(
      'CONNECT_REFUSED',
      `it ended the connection during the TLS handshake (${code}). Is this a TLS port?`,
    );
  }
  return fail(
    'CONNECT_REFUSED',
    `the network refused it or ended it (${code}). Check host, port and firewall.`,
  );
}

function endedEarly({ broker, inBrowser }: Tried): string {
  const [what] = broker.split('://');
  const overWebSocket = what?.startsWith('ws');
  const why =
    'it ended the connection without an answer. Check that the broker runs, and that this port is for this protocol, with or without TLS';
  if (!overWebSocket) return `${why}.`;
  const port = `${why}: ${what}:// needs the port for MQTT over WebSocket, on RabbitMQ 15675, and its path, /ws.`;
  if (!inBrowser) return port;
  const certificate = what === 'wss' ? ", the browser must trust the broker's certificate" : '';
  return `${port} In a browser, the page's Content-Security-Policy must allow ${broker} in connect-src${certificate}, and the broker must accept the page's origin. The browser's console says which it was.`;
}

function refusedOverHttp(status: number, fail: Fail): TransportError {
  const why = `the WebSocket was answered with HTTP status ${status}.`;
  if (status === 401 || status === 403) return fail('AUTH_REFUSED', `${why} Ask who runs it for access.`);
  if (status >= 500 || status === 429) return fail('CONNECT_REFUSED', `${why} Try again later.`);
  return fail('PROTOCOL_REFUSED', `${why} Check the path: RabbitMQ's is /ws.`);
}

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
      `Another program runs at ${broker} as '${clientId}', so the broker ended this connection, for good. Is the same service, or client, started twice? End one of them, or give it another name.`,
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
      `The broker could not take the message to ${channel} for now: ${reasonText(reason)}. A queue may be full, or a node of a cluster away. It may have taken the message all the same.`,
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
    `The connection ended each time that the message to ${channel} was sent, which is how RabbitMQ refuses one. Check what it allows this user to write, or whether the network ends connections.`,
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
    `The message to ${channel} makes a packet of ${size} bytes with its headers; this broker accepts ${limit}. Send large data through a data store (data handler MINIO, or offloadAboveBytes for all above a size), or raise the broker's limit.`,
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
    `A message on ${channel} was dropped: ${limit} already wait for the handler, and this one came without acknowledgement (QoS 0). Raise the subscription's concurrency or maxQueuedMessages, or have the sender publish it durable.`,
  );
}
