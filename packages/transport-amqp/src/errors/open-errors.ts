import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { connectionFailure, endedEarly, type Sought } from '@intersect-sdk/transport/endpoint';
import { VirtualHostRefused } from '../connection/vhost-error.js';
import { type BrokerReason, messageOf, reasonOf } from './errors.js';

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
  // Both faults pass: other connections end, and a virtual host that is down is usually starting.
  const passes = /limit|is down/.test(reason.text) || (reason.code !== 530 && reason.code !== 403);
  if (passes) return ['CONNECT_REFUSED', `${what}: ${reason.text}.`];
  return /not found/.test(reason.text)
    ? ['AUTH_REFUSED', `${what}: it does not exist. Check vhost, or have it made.`]
    : ['AUTH_REFUSED', `${what} to this user. Give it permissions there, or use another vhost.`];
}

/** The system's word, or TLS's. */
function networkProblem(error: unknown, target: Target): Problem | undefined {
  const failure = connectionFailure(error, soughtAt(target));
  return failure && [failure.code, `No connection to ${target.at}: ${failure.why}`];
}

function handshakeProblem(error: unknown, target: Target): Problem {
  const { at, tls } = target;
  const message = messageOf(error);
  if (message.startsWith('Socket closed abruptly')) {
    const ended = endedEarly(soughtAt(target));
    return [ended.code, `No connection to ${at}: ${ended.why}`];
  }
  return [
    'PROTOCOL_REFUSED',
    [
      `What answers at ${at} does not speak AMQP 0-9-1 as it should (${message}).`,
      `Is it the broker's AMQP port${tls ? '' : ', the one without TLS'}?`,
    ].join(' '),
  ];
}

function soughtAt({ tls }: Target): Sought {
  return {
    ifEnded: `If it happens each time: is it the broker's AMQP port, the one with${tls ? '' : 'out'} TLS?`,
  };
}
