import { OPENING_FAULTS } from '@intersect-sdk/test-brokers/opening-faults';
import { connectionFailure } from '@intersect-sdk/transport/endpoint';
import { expect, test } from 'vitest';
import { lostError } from '../../src/errors/errors.js';
import { connectError } from '../../src/errors/open-errors.js';

const broker = 'mqtt://broker.test:1883';

test.each(OPENING_FAULTS)(
  'an error %s while a connection is opened is told as every transport tells it',
  (code) => {
    const error = connectError({ broker, hasUsername: true, inBrowser: false }, { code });
    const verdict = connectionFailure({ code });
    expect(error.code).toBe(verdict?.code);
    expect(error.message.startsWith(`No connection to ${broker}: ${verdict?.why}`)).toBe(true);
  },
);

test('a session that another program took says who that is, and what to do', () => {
  const error = lostError({ broker, clientId: 'intersect-org.fac.sys.-.lab' }, { code: 142 });
  expect(error).toMatchObject({ code: 'SESSION_TAKEN_OVER', retryable: false });
  expect(error.message).toContain(
    "Another program runs at mqtt://broker.test:1883 as 'intersect-org.fac.sys.-.lab'",
  );
  expect(error.message).toContain('started twice');
  expect(error.message).not.toContain('session id');
});
