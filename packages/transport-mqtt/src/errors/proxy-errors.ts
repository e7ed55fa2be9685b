import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { connectionFailure, endedEarly, type Sought } from '@intersect-sdk/transport/endpoint';

/** What a proxy was asked for. */
export interface Through {
  /** The broker's address without credentials. */
  readonly broker: string;
  /** The proxy's address without credentials. */
  readonly proxy: string;
  /** `host:port` of the broker, as the proxy was told. */
  readonly target: string;
  readonly hasUsername: boolean;
}

/** The proxy answered, and opened no connection. */
export function proxyRefused(through: Through, status: number): TransportError {
  const { target, hasUsername } = through;
  const said = `(HTTP status ${status})`;
  if (status === 407) {
    const why = hasUsername
      ? 'does not accept this user name and password'
      : 'asks for a user name and password, and none were given';
    return failure(through, {
      code: 'AUTH_REFUSED',
      why: `${why} ${said}. Write them as http://user:password@host:port.`,
    });
  }
  if (status === 401 || status === 403) {
    const why = `does not allow connections to ${target} ${said}. Ask who runs it to allow that host and port.`;
    return failure(through, { code: 'AUTH_REFUSED', why });
  }
  if (status === 429 || status >= 500) {
    const why = `could not connect to ${target} ${said}. Check host and port of the broker, and that it runs.`;
    return failure(through, { code: 'CONNECT_REFUSED', why });
  }
  const why = `opens no connections ${said}. Check that it is an HTTP proxy that allows CONNECT, and its port.`;
  return failure(through, { code: 'PROTOCOL_REFUSED', why });
}

const SOUGHT: Sought = {
  what: 'the proxy',
  ifEnded: 'Check its host and port, and that it is an HTTP proxy.',
};

/** The proxy could not be reached, or what answers there is none. */
export function proxyFailed(through: Through, fault: Error): TransportError {
  const { code } = fault as { readonly code?: unknown };
  if (typeof code === 'string' && code.startsWith('HPE_')) {
    const why = `is none: what answers there does not speak HTTP (${code}). Check its host and port.`;
    return failure(through, { code: 'PROTOCOL_REFUSED', why, cause: fault });
  }
  const unreached = connectionFailure(fault, SOUGHT) ?? endedEarly(SOUGHT, fault);
  return failure(through, {
    code: unreached.code,
    why: `could not be reached: ${unreached.why}`,
    cause: fault,
  });
}

export function proxyLate(through: Through, timeoutMs: number): TransportError {
  const why = `did not answer within ${Math.round(timeoutMs)} ms. Check its host and port, and whether it reaches the broker.`;
  return failure(through, { code: 'CONNECT_TIMEOUT', why });
}

/** A page can't choose its proxy. */
export function proxyInBrowser(broker: string): TransportError {
  const why =
    'the option `proxy` is for Node. A browser uses the proxy of its own settings, or of the system: leave the option out.';
  return new TransportError('PROTOCOL_REFUSED', `No connection to ${broker}: ${why}`);
}

interface Cause {
  readonly code: CodesOf<'TransportError'>;
  /** The end of a sentence that begins with the proxy. */
  readonly why: string;
  readonly cause?: unknown;
}

function failure({ broker, proxy }: Through, { code, why, cause }: Cause): TransportError {
  return new TransportError(code, `No connection to ${broker}: the proxy ${proxy} ${why}`, { cause });
}
