import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connectionFailure, tlsFailure } from '../../../src/endpoint.js';

describe('why nothing could be reached', () => {
  test.each([
    ['ECONNREFUSED', 'CONNECT_REFUSED', 'nothing accepts connections there'],
    ['ENOTFOUND', 'HOST_UNKNOWN', 'Check its spelling'],
    ['EAI_AGAIN', 'HOST_UNKNOWN', 'the name server gave no answer'],
    ['ETIMEDOUT', 'CONNECT_TIMEOUT', 'nothing answered'],
    ['EHOSTUNREACH', 'CONNECT_REFUSED', 'that host cannot be reached from here'],
    ['ENETUNREACH', 'CONNECT_REFUSED', 'no way into that network'],
    ['EPERM', 'CONNECT_REFUSED', 'this machine forbids the connection'],
    ['EMFILE', 'CONNECT_REFUSED', 'too many files and connections'],
    ['EADDRNOTAVAIL', 'CONNECT_REFUSED', 'no address or port left to connect from'],
    ['EINVAL', 'CONNECT_REFUSED', 'cannot use that kind of address'],
    ['EREMOTEIO', 'CONNECT_REFUSED', 'the network refused it or ended it'],
  ])('%s', (cause, code, says) => {
    const failure = connectionFailure({ code: cause });
    expect(failure).toEqual({ code, why: expect.stringMatching(new RegExp(`${says}.*\\(${cause}\\)\\.$`)) });
  });

  test.each(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN', 'ERR_STREAM_PREMATURE_CLOSE'])(
    '%s: ended before it was of use, with what the protocol says to that',
    (code) => {
      expect(connectionFailure({ code }, { ifEnded: 'Is it the port?' })).toEqual({
        code: 'CONNECT_REFUSED',
        why: `it ended the connection without an answer (${code}). Is it the port?`,
      });
    },
  );

  test('an ending during the TLS handshake is told as one', () => {
    const message = 'Client network socket disconnected before secure TLS connection was established';
    expect(connectionFailure({ code: 'ECONNRESET', message }, { ifEnded: 'never' })).toEqual({
      code: 'CONNECT_REFUSED',
      why: 'it ended the connection during the TLS handshake (ECONNRESET). Is this a port with TLS?',
    });
  });

  test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    '%s is TLS_REFUSED',
    (code) => {
      expect(connectionFailure({ code })).toEqual({ code: 'TLS_REFUSED', why: tlsFailure({ code }) });
    },
  );

  test.each(['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO', 'CERT_REVOKED'])(
    '%s of a proxy is told of the proxy',
    (code) => {
      const { why = '' } = connectionFailure({ code }, { what: 'the proxy' }) ?? {};
      expect(why).toContain('the proxy');
      expect(why).not.toContain('the broker');
    },
  );

  test.each([undefined, null, {}, { code: 135 }, { code: 'HPE_INVALID_CONSTANT' }])(
    'says nothing of %o',
    (error) => {
      expect(connectionFailure(error)).toBeUndefined();
    },
  );

  test('names each address of a name that has several', async () => {
    const error = await new Promise((resolve) => {
      const lookup = (_host: string, _options: object, answer: (...given: unknown[]) => void): void =>
        answer(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ]);
      connect({ host: 'broker.test', port: 1, lookup: lookup as never, autoSelectFamily: true }).on(
        'error',
        resolve,
      );
    });
    expect(connectionFailure(error)?.why).toContain('(ECONNREFUSED; tried 127.0.0.1 and 127.0.0.2)');
  });
});
