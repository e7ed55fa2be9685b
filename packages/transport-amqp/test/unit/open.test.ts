import { connect, Socket } from 'node:net';
import { inspect } from 'node:util';
import { type ErrorCode, TransportError } from '@intersect-sdk/core';
import type { Link, LinkEvents } from '@intersect-sdk/transport';
import { describe, expect, test, vi } from 'vitest';
import { type AmqpOptions, amqpDriver } from '../../src/index.js';
import { certificates } from '../support/certificates.js';
import { closedPort, FakePeer } from '../support/fake-peer.js';

const login = { username: 'reader-of-tests', password: 'never-show-this' };
const session = { id: 'test', keepForMs: 1_000, keepAfterClose: false };

function open(options: AmqpOptions, signal = new AbortController().signal): Promise<Link> {
  const nobody = (): never => {
    throw new Error('told of a link that never was');
  };
  const events: LinkEvents = { lost: nobody, subscriptionLost: nobody, refused: nobody, flow: nobody };
  return amqpDriver(options).open(events, { signal, session });
}

/** The refusal, proved to be typed and free of secrets. */
async function refusal(options: AmqpOptions, signal?: AbortSignal): Promise<TransportError> {
  const error: unknown = await open(options, signal).then(
    () => new Error('it opened'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TransportError)) throw error;
  const everything = `${error.message} ${inspect(error, { depth: 10 })} ${JSON.stringify(error)}`;
  expect(everything).not.toContain(login.password);
  return error;
}

test('small packets do not wait for the acknowledgement of the one before (TCP_NODELAY)', async () => {
  const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
  await using peer = await FakePeer.start((socket) => socket.end('HTTP/1.1 400 Bad Request'));
  await refusal({ ...login, port: peer.port });
  expect(setNoDelay.mock.calls).toEqual([[true]]);
});

describe('why there is no connection', () => {
  test('nothing listens', async () => {
    const port = await closedPort();
    const error = await refusal({ ...login, port });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  test('the host name is unknown', async () => {
    const error = await refusal({ ...login, host: 'broker.invalid' });
    expect(error).toMatchObject({ code: 'HOST_UNKNOWN', retryable: true });
    expect(error.message).toContain('broker.invalid');
  });

  test('the peer takes the connection and says nothing, within connectTimeoutMs', async () => {
    await using peer = await FakePeer.start(() => {});
    const error = await refusal({ ...login, port: peer.port, connectTimeoutMs: 80 });
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', retryable: true });
    expect(error.message).toContain('80 ms');
  });

  test('a peer that trickles bytes cannot stretch the time', async () => {
    await using peer = await FakePeer.start((socket) => {
      const trickle = setInterval(() => socket.write('\x01'), 10);
      socket.on('close', () => clearInterval(trickle));
    });
    expect(await refusal({ ...login, port: peer.port, connectTimeoutMs: 60 })).toMatchObject({
      code: 'CONNECT_TIMEOUT',
    });
  });

  test.each<{ what: string; says: string | Buffer; code: ErrorCode }>([
    { what: 'speaks HTTP', says: 'HTTP/1.1 400 Bad Request\r\n\r\n', code: 'PROTOCOL_REFUSED' },
    {
      what: 'speaks another AMQP',
      says: Buffer.from('AMQP\x00\x01\x00\x00', 'latin1'),
      code: 'PROTOCOL_REFUSED',
    },
    { what: 'hangs up at once', says: '', code: 'CONNECT_REFUSED' },
  ])('a peer that $what is $code', async ({ says, code }) => {
    await using peer = await FakePeer.start((socket) => socket.end(says));
    const error = await refusal({ ...login, port: peer.port });
    expect(error.code).toBe(code);
    expect(error.message).toContain('AMQP');
  });

  test.each([undefined, certificates])('a peer that resets the connection, with TLS: %#', async (tls) => {
    await using peer = await FakePeer.start((socket) => {
      const reset = (): unknown => (socket as Socket).resetAndDestroy();
      if (tls) reset();
      else socket.once('data', reset);
    });
    const where = { ...login, host: 'localhost', port: peer.port };
    const error = await refusal({ ...where, ...(tls && { tls: { ca: tls.ca } }) });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect(error.message).toMatch(/ECONNRESET.*AMQP port/);
  });

  test('the credentials function fails: retryable, and nothing is dialled', async () => {
    await using peer = await FakePeer.start(() => {});
    const credentials = vi.fn().mockRejectedValue(new Error('vault sealed'));
    expect(await refusal({ port: peer.port, credentials })).toMatchObject({
      code: 'CONNECT_REFUSED',
      retryable: true,
      cause: new Error('vault sealed'),
    });
    expect(peer.connections).toBe(0);
  });

  test('the credentials function gives something else', async () => {
    const credentials = (() => ({ token: 'x' })) as unknown as NonNullable<AmqpOptions['credentials']>;
    expect(await refusal({ port: await closedPort(), credentials })).toMatchObject({ code: 'AUTH_REFUSED' });
  });

  test('credentials and the answer of the broker have one time limit in common', async () => {
    await using peer = await FakePeer.start(() => {});
    const now = performance.now.bind(performance);
    let passedMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
    const credentials = () => {
      passedMs = 3_599_950;
      return login;
    };
    // Of an hour, 50 ms are left.
    const error = await refusal({ port: peer.port, credentials, connectTimeoutMs: 3_600_000 });
    expect(error.code).toBe('CONNECT_TIMEOUT');
  });

  test('a credentials function that never answers runs into connectTimeoutMs', async () => {
    const credentials = (): Promise<never> => new Promise(() => {});
    expect(await refusal({ credentials, connectTimeoutMs: 30 })).toMatchObject({ code: 'CONNECT_TIMEOUT' });
  });
});

describe('TLS', () => {
  const { ca, cert, key } = certificates;

  test('an unknown authority is TLS_REFUSED, and no AMQP byte is sent', async () => {
    await using peer = await FakePeer.start(() => {}, { cert, key });
    const error = await refusal({ ...login, host: 'localhost', port: peer.port, tls: true });
    expect(error).toMatchObject({ code: 'TLS_REFUSED', retryable: false });
    expect(error.message).toContain('tls.ca');
    expect(peer.received).toBe('');
  });

  test('a certificate for another name is TLS_REFUSED; tls.serverName says which is meant', async () => {
    await using peer = await FakePeer.start((socket) => socket.end('HTTP/1.1 '), { cert, key });
    const error = await refusal({ ...login, port: peer.port, tls: { ca } });
    expect(error).toMatchObject({ code: 'TLS_REFUSED', retryable: false });
    expect(error.message).toContain('tls.serverName');
    const past = await refusal({ ...login, port: peer.port, tls: { ca, serverName: 'localhost' } });
    expect(past.code).toBe('PROTOCOL_REFUSED');
    expect(peer.received).toBe('AMQP\x00\x00\x09\x01');
  });

  test('a switch in the environment does not turn the check off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      await using peer = await FakePeer.start(() => {}, { cert, key });
      expect(await refusal({ ...login, host: 'localhost', port: peer.port, tls: true })).toMatchObject({
        code: 'TLS_REFUSED',
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a missing client certificate is TLS_REFUSED; cert and key are shown to a peer that asks', async () => {
    await using peer = await FakePeer.start((socket) => socket.end('HTTP/1.1 '), {
      cert,
      key,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const where = { ...login, host: 'localhost', port: peer.port };
    expect(await refusal({ ...where, tls: { ca } })).toMatchObject({ code: 'TLS_REFUSED' });
    expect(await refusal({ ...where, tls: { ca, cert, key } })).toMatchObject({ code: 'PROTOCOL_REFUSED' });
  });
});

describe('aborting', () => {
  test.each([
    { what: 'during the AMQP handshake', tls: undefined },
    { what: 'during the TLS handshake', tls: { ca: certificates.ca } },
  ])('$what closes the socket', async ({ tls }) => {
    const abort = new AbortController();
    let onClosed!: () => void;
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    await using peer = await FakePeer.start((socket) => {
      socket.on('close', onClosed);
      abort.abort(new Error('changed my mind'));
    });
    const error = await refusal({ ...login, port: peer.port, tls }, abort.signal);
    expect(error).toMatchObject({ code: 'ABORTED', retryable: false });
    await closed;
  });

  test('a signal that is aborted already dials nothing', async () => {
    await using peer = await FakePeer.start(() => {});
    expect(await refusal({ ...login, port: peer.port }, AbortSignal.abort())).toMatchObject({
      code: 'ABORTED',
    });
    expect(peer.connections).toBe(0);
  });

  test('aborted at any moment after the credentials are there, it leaves no connection behind', async () => {
    await using peer = await FakePeer.start(() => {});
    for (let turns = 0; turns < 30; turns++) {
      const abort = new AbortController();
      const credentials = (): Promise<typeof login> => {
        void afterMicrotasks(turns).then(() => abort.abort());
        return Promise.resolve(login);
      };
      const error = await refusal({ port: peer.port, credentials }, abort.signal);
      expect(error).toMatchObject({ code: 'ABORTED' });
    }
    // Whatever was dialled before it is there when it is.
    const last = connect(peer.port, '127.0.0.1').end('last');
    await expect.poll(() => peer.received).toMatch(/last$/);
    await expect.poll(() => peer.open).toBe(0);
    expect(last.destroyed).toBe(true);
  });
});

async function afterMicrotasks(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}

describe('several hosts', () => {
  test('each is tried once, beginning with the one after the host that was tried last', async () => {
    const order: number[] = [];
    const start = (index: number): Promise<FakePeer> =>
      FakePeer.start((socket) => {
        order.push(index);
        socket.destroy();
      });
    await using first = await start(1);
    await using second = await start(2);
    await using third = await start(3);
    const hosts = [first, second, third].map(({ port }) => ({ host: '127.0.0.1', port }));
    const driver = amqpDriver({ ...login, hosts });
    const events = { lost() {}, subscriptionLost() {}, refused() {}, flow() {} };
    for (let call = 0; call < 2; call++) {
      await expect(
        driver.open(events, { signal: new AbortController().signal, session }),
      ).rejects.toMatchObject({
        code: 'CONNECT_REFUSED',
        message: expect.stringContaining(String(third.port)),
      });
    }
    expect(order).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('another try can help when it can help with one of them', async () => {
    await using http = await FakePeer.start((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n'));
    const hosts = [
      { host: '127.0.0.1', port: http.port },
      { host: '127.0.0.1', port: await closedPort() },
    ];
    expect(await refusal({ ...login, hosts })).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect(await refusal({ ...login, hosts: hosts.slice(0, 1) })).toMatchObject({ retryable: false });
  });
});
