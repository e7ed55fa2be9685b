import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { connectionFailure, endedEarly, type Sought, tlsFailure } from '@intersect-sdk/transport/endpoint';
import type { Fault } from './errors.js';
import { AUTH_REASONS, PROTOCOL_REASONS, reasonText } from './reason-codes.js';

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
  const named = message === 'TLS not authorized' ? { code: 'CERT_UNTRUSTED' } : fault;
  const sought: Sought = { ifEnded: adviceIfEnded(tried) };
  const failure = connectionFailure(named, sought);
  if (failure) return fail(failure.code, failure.why);
  if (typeof code === 'string') {
    return fail('PROTOCOL_REFUSED', `what answers there does not speak WebSocket (${code}). Check the port.`);
  }
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
  if (!fault || message.includes('WebSocket')) {
    const ended = endedEarly(sought);
    return fail(ended.code, ended.why);
  }
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

function adviceIfEnded({ broker, inBrowser }: Tried): string {
  const [what] = broker.split('://');
  const overWebSocket = what?.startsWith('ws');
  const why = 'Check that the broker runs, and that this port is for this protocol, with or without TLS';
  if (!overWebSocket) return `${why}.`;
  const port = `${why}: ${what}:// needs the port for MQTT over WebSocket, on RabbitMQ 15675, and its path, /ws.`;
  if (!inBrowser) return port;
  const certificate = what === 'wss' ? ", the browser must trust the broker's certificate" : '';
  return [
    `${port} In a browser, the page's Content-Security-Policy must allow ${broker} in`,
    `connect-src${certificate}, and the broker must accept the page's origin.`,
    "The browser's console says which it was.",
  ].join(' ');
}

function refusedOverHttp(status: number, fail: Fail): TransportError {
  const why = `the WebSocket was answered with HTTP status ${status}.`;
  if (status === 401 || status === 403) return fail('AUTH_REFUSED', `${why} Ask who runs it for access.`);
  if (status >= 500 || status === 429) return fail('CONNECT_REFUSED', `${why} Try again later.`);
  return fail('PROTOCOL_REFUSED', `${why} Check the path: RabbitMQ's is /ws.`);
}
