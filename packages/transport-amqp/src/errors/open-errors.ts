import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { VirtualHostRefused } from '../connection/vhost-error.js';
import { type BrokerReason, codeOf, messageOf, reasonOf } from './errors.js';

/** What was dialled. Holds no secret, and neither does any error made of it. */
export interface Target {
  /** `host:port` */
  readonly at: string;
  readonly tls: boolean;
  readonly vhost: string;
}

/** Why there is no connection, from the error of the socket, of TLS or of amqplib's handshake. */
export function openError(error: unknown, target: Target): TransportError {
  const [code, sentence] =
    refusedByBroker(error, target) ?? networkProblem(error, target) ?? handshakeProblem(error, target);
  return new TransportError(code, sentence, { cause: error });
}

export function timeoutError({ at }: Target, timeoutMs: number): TransportError {
  return new TransportError(
    'CONNECT_TIMEOUT',
    `The broker at ${at} did not answer within ${timeoutMs} ms. Are host and port right, and does a firewall let them through?`,
  );
}

type Problem = readonly [code: CodesOf<'TransportError'>, sentence: string];

function refusedByBroker(error: unknown, target: Target): Problem | undefined {
  if (error instanceof VirtualHostRefused) return vhostProblem(error.reason, target);
  const reason = reasonOf(error);
  if (!reason) return undefined;
  return reason.code === 403
    ? [
        'AUTH_REFUSED',
        `The broker at ${target.at} refused the user name or the password. Check both, and that this user may log in from here.`,
      ]
    : ['CONNECT_REFUSED', `The broker at ${target.at} refused the connection: ${reason.text}.`];
}

function vhostProblem(reason: BrokerReason | undefined, { at, vhost }: Target): Problem {
  const what = `The broker at ${at} refused virtual host '${vhost}'`;
  if (!reason) return ['CONNECT_REFUSED', `${what} and did not say why.`];
  // Both pass: connections end, and a virtual host that is down is usually starting.
  const passes = /limit|is down/.test(reason.text) || (reason.code !== 530 && reason.code !== 403);
  if (passes) return ['CONNECT_REFUSED', `${what}: ${reason.text}.`];
  return /not found/.test(reason.text)
    ? ['AUTH_REFUSED', `${what}: it does not exist. Check vhost, or have it made.`]
    : ['AUTH_REFUSED', `${what} to this user. Give it permissions there, or use another vhost.`];
}

function networkProblem(error: unknown, { at, tls }: Target): Problem | undefined {
  const code = codeOf(error);
  switch (code) {
    case '':
      return undefined;
    case 'ECONNREFUSED':
      return [
        'CONNECT_REFUSED',
        `Nothing accepts connections at ${at}. Is the broker running, and are host and port right?`,
      ];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return ['HOST_UNKNOWN', `The host name in ${at} cannot be resolved (${code}). Is it spelled right?`];
    case 'ETIMEDOUT':
      return ['CONNECT_TIMEOUT', `The broker at ${at} did not answer. Does a firewall let the port through?`];
    case 'ECONNRESET':
    case 'EPIPE':
      return ['CONNECTION_LOST', endedEarly(at, tls)];
    default:
      return tls && !code.startsWith('E')
        ? ['TLS_REFUSED', tlsSentence(code, at)]
        : /^(ERR_(TLS|SSL|OSSL)|EPROTO)/.test(code)
          ? ['TLS_REFUSED', tlsSentence(code, at)]
          : ['CONNECT_REFUSED', `There is no way to the broker at ${at} (${code}).`];
  }
}

function handshakeProblem(error: unknown, { at, tls }: Target): Problem {
  const message = messageOf(error);
  if (message.startsWith('Socket closed abruptly')) return ['CONNECTION_LOST', endedEarly(at, tls)];
  return [
    'PROTOCOL_REFUSED',
    `What answers at ${at} does not speak AMQP 0-9-1 as it should (${message}). Is it the broker's AMQP port${tls ? '' : ', the one without TLS'}?`,
  ];
}

function endedEarly(at: string, tls: boolean): string {
  return `The connection to ${at} was ended before the broker answered. If it happens each time: is it the broker's AMQP port${tls ? ', the one with TLS' : ', the one without TLS'}?`;
}

function tlsSentence(code: string, at: string): string {
  const what = (advice: string): string => `TLS with the broker at ${at} failed (${code}): ${advice}`;
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return what(
        'its certificate is made out to another name; connect by that name, or give it as tls.serverName.',
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return what('its certificate is signed by an unknown authority; give the authority as tls.ca.');
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return what('its certificate is not valid today.');
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return what('what answers does not speak TLS there; is it the port with TLS?');
    default:
      return /OSSL|PEM|KEY_VALUES/.test(code)
        ? what('ca, cert or key cannot be read; are they PEM, and do cert and key belong together?')
        : what('check ca, cert and key, and what the broker demands of clients.');
  }
}
