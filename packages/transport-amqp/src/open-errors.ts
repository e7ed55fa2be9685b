import { type ErrorCode, TransportError } from '@intersect-sdk/core';
import { codeOf, messageOf, reasonOf } from './errors.js';

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

type Problem = readonly [code: ErrorCode, sentence: string];

function refusedByBroker(error: unknown, { at, vhost }: Target): Problem | undefined {
  const reason = reasonOf(error);
  if (reason?.code === 403) {
    return [
      'AUTH_REFUSED',
      `The broker at ${at} refused the user name or the password. Check both, and that this user may log in from here.`,
    ];
  }
  if (reason) return ['CONNECT_REFUSED', `The broker at ${at} refused the connection: ${reason.text}.`];
  // amqplib keeps the broker's reason to itself here.
  if (messageOf(error).startsWith('Expected ConnectionOpenOk; got <ConnectionClose')) {
    return [
      'AUTH_REFUSED',
      `The broker at ${at} took the login but refused virtual host '${vhost}': it does not exist, this user has no permission on it, or it has as many connections as it may have.`,
    ];
  }
  return undefined;
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
