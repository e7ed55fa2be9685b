import { OPENING_FAULTS } from '@intersect-sdk/test-brokers/opening-faults';
import { connectionFailure } from '@intersect-sdk/transport/endpoint';
import { describe, expect, test } from 'vitest';
import { VirtualHostRefused } from '../../src/connection/vhost-error.js';
import { lostError, refusalOf, subscribeError, subscriptionEnded } from '../../src/errors/errors.js';
import { openError } from '../../src/errors/open-errors.js';

const at = 'broker:5672';

/** As amqplib words it when the broker closes a channel or the connection. */
function closed(code: number, name: string, text: string): Error {
  return Object.assign(new Error(`Channel closed by server: ${code} (${name}) with message "${text}"`), {
    code,
  });
}

describe('a connection that ended', () => {
  test.each([
    [
      closed(
        320,
        'CONNECTION-FORCED',
        "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
      ),
      "'shutdown'",
    ],
    [new Error('Heartbeat timeout'), 'heartbeats'],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), '(ECONNRESET)'],
    [undefined, 'ended'],
  ])('%s', (error, says) => {
    const lost = lostError(error, at);
    expect(lost).toMatchObject({ code: 'CONNECTION_LOST', retryable: true });
    expect(lost.message).toContain(at);
    expect(lost.message).toContain(says);
  });
});

describe('opening', () => {
  const target = { at, tls: false, vhost: 'lab' };

  test.each(OPENING_FAULTS)('an error %s is told as every transport tells it', (code) => {
    const error = openError(Object.assign(new Error(code), { code }), target);
    const verdict = connectionFailure({ code });
    expect(error.code).toBe(verdict?.code);
    expect(error.message.startsWith(`No connection to ${at}: ${verdict?.why}`)).toBe(true);
    expect(error.retryable).toBe(verdict?.code !== 'TLS_REFUSED');
  });

  test.each([
    [530, 'NOT_ALLOWED - vhost lab not found', 'AUTH_REFUSED', 'does not exist'],
    [530, "NOT_ALLOWED - access to vhost 'lab' refused for user 'bob'", 'AUTH_REFUSED', 'permissions'],
    [
      530,
      "NOT_ALLOWED - access to vhost 'lab' refused for user 'bob': connection limit (5) is reached",
      'CONNECT_REFUSED',
      'limit',
    ],
    [
      541,
      "INTERNAL_ERROR - access to vhost 'lab' refused for user 'bob': vhost 'lab' is down",
      'CONNECT_REFUSED',
      'is down',
    ],
  ])('virtual host refused with %i %s is %s', (...[code, text, expected, says]) => {
    const error = openError(new VirtualHostRefused({ code, text }), target);
    expect(error.code).toBe(expected);
    expect(error.message).toContain(says);
  });

  test('a virtual host refused without a reason can be tried again', () => {
    expect(openError(new VirtualHostRefused(undefined), target)).toMatchObject({ retryable: true });
  });

  test('a broker that is shutting down while it greets can be tried again', () => {
    const error = new Error(
      'Handshake terminated by server: 320 (CONNECTION-FORCED) with message "shutdown"',
    );
    expect(openError(error, target)).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
  });
});

describe('subscribing', () => {
  const what = { channel: 'a/b', queue: 'q' };

  test.each([
    [
      406,
      "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': received 'true' but current is 'false'",
      'QUEUE_MISMATCH',
      "durable: wanted 'true', is 'false'",
    ],
    [404, "NOT_FOUND - no queue 'q' in vhost '/'", 'QUEUE_MISMATCH', 'isRoot'],
    [
      405,
      "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q'",
      'SUBSCRIBE_REFUSED',
      'another connection',
    ],
    [
      403,
      "ACCESS_REFUSED - read access to queue 'q' in vhost '/' refused for user 'bob'",
      'SUBSCRIBE_REFUSED',
      "read permission on queue 'q' in vhost '/'",
    ],
    [540, 'NOT_IMPLEMENTED - no', 'SUBSCRIBE_REFUSED', 'NOT_IMPLEMENTED'],
  ])('%i is told with queue and channel', (...[code, text, expected, says]) => {
    const error = subscribeError(closed(code, 'NAME', text), what);
    expect(error).toMatchObject({ code: expected, retryable: false });
    expect(error.message).toContain(says);
    expect(error.message).toContain('a/b');
    expect(error.message).toContain("'q'");
    expect(error.message).not.toContain('bob');
  });

  // As RabbitMQ words it while the node of a cluster is away that has the queue.
  test.each([
    "NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout",
    "NOT_FOUND - home node 'rabbit@one' of durable queue 'q' in vhost '/' is down or inaccessible",
    "NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor",
    "NOT_FOUND - queue 'q' in vhost '/' has crashed and failed to restart",
  ])('can be tried again: %s', (text) => {
    const error = subscribeError(closed(404, 'NOT-FOUND', text), what);
    expect(error).toMatchObject({ code: 'BROKER_BUSY', retryable: true });
    expect(error.message).toContain("'q'");
  });

  test('is told of what amqplib could not even ask for', () => {
    const error = subscribeError(new TypeError("Field 'routingKey' is the wrong type"), what);
    expect(error).toMatchObject({ code: 'SUBSCRIBE_REFUSED', retryable: false });
    expect(error.message).toContain('routingKey');
  });

  test('a handler that took longer than the broker allows is named as the cause', () => {
    const text =
      'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms';
    expect(subscriptionEnded(closed(406, 'PRECONDITION-FAILED', text), 'a/b')).toMatchObject({
      retryable: true,
      message: expect.stringContaining('timed out'),
    });
  });
});

describe('a publishing channel that the broker closed', () => {
  const topic =
    "ACCESS_REFUSED - write access to topic 'a.b' in exchange 'x' in vhost '/' refused for user 'bob'";

  test.each([
    [403, topic, { routingKey: 'a.b', bytes: 1 }, true],
    [403, topic, { routingKey: 'a.c', bytes: 1 }, false],
    [
      403,
      "ACCESS_REFUSED - write access to exchange 'x' in vhost '/' refused for user 'bob'",
      { routingKey: 'a.c', bytes: 1 },
      true,
    ],
    [
      406,
      'PRECONDITION_FAILED - message size 20 is larger than configured max size 10',
      { routingKey: 'a.b', bytes: 20 },
      true,
    ],
    [
      406,
      'PRECONDITION_FAILED - message size 20 is larger than configured max size 10',
      { routingKey: 'a.b', bytes: 9 },
      false,
    ],
  ])('%i %s and %o', (...[code, text, message, concerned]) => {
    const refusal = refusalOf(closed(code, 'NAME', text));
    expect(refusal?.concerns(message)).toBe(concerned);
    expect(refusal?.errorFor('a/b').message).not.toContain('bob');
  });

  test('for any other reason no message is to blame', () => {
    expect(refusalOf(closed(541, 'INTERNAL-ERROR', 'INTERNAL_ERROR'))).toBeUndefined();
    expect(refusalOf(new Error('Expected ConfirmSelectOk'))).toBeUndefined();
  });
});
