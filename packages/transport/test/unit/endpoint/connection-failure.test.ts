import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connectionFailure } from '../../../src/endpoint.js';

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
  ])('%s', (cause, code, says) => {
    const failure = connectionFailure({ code: cause });
    expect(failure).toEqual({ code, why: expect.stringMatching(new RegExp(`${says}.*\\(${cause}\\)\\.$`)) });
  });

  test.each([undefined, null, {}, { code: 135 }, { code: 'ECONNRESET' }, { code: 'CERT_HAS_EXPIRED' }])(
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
