import { connect, createServer, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { TransportError } from '@intersect-sdk/core';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import type { IConnackPacket } from 'mqtt-packet';
import { describe, expect, test, vi } from 'vitest';
import type { MqttOptions } from '../../src/index.js';
import { certificates } from '../support/certificates.js';
import { FakeBroker, type FakeBrokerOptions } from '../support/fake-broker.js';
import { openLink, SESSION } from '../support/links.js';

const login = { username: 'reader-of-tests', password: 'never-show-this' };

/** The refusal, proved to be typed and free of secrets. */
async function refusal(options: MqttOptions, signal?: AbortSignal): Promise<TransportError> {
  const thrown: unknown = await openLink({ ...login, ...options }, signal && { signal }).then(
    () => new Error('it opened'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof TransportError)) throw thrown;
  expect(`${thrown.message} ${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`).not.toContain(
    login.password,
  );
  return thrown;
}

async function refusalBy(broker: FakeBrokerOptions, options: MqttOptions = {}): Promise<TransportError> {
  await using fake = await FakeBroker.start(broker);
  const error = await refusal({ port: fake.port, ...options });
  expect(error.message).toContain(`${fake.port}`);
  await fake.allClosed();
  return error;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('what goes into CONNECT', () => {
  test('MQTT 5, the session as client id, its expiry, and the limits', async () => {
    await using broker = await FakeBroker.start();
    const options = {
      ...login,
      port: broker.port,
      keepAliveS: 7,
      receiveMaximum: 8,
      maxPacketSizeBytes: 2048,
    };
    await using _ = await openLink({ ...options, clientIdPrefix: 'lab.' }, { id: 'me', keepForMs: 1_500 });
    expect(broker.peer().connect).toMatchObject({
      protocolVersion: 5,
      clientId: 'lab.me',
      clean: false,
      keepalive: 7,
      username: login.username,
      password: Buffer.from(login.password),
      properties: { sessionExpiryInterval: 2, receiveMaximum: 8, maximumPacketSize: 2048 },
    });
  });

  test('a session that is kept for ever has the expiry that never ends', async () => {
    await using broker = await FakeBroker.start();
    await using _ = await openLink({ port: broker.port }, { keepForMs: Number.POSITIVE_INFINITY });
    expect(broker.peer().connect?.properties?.sessionExpiryInterval).toBe(0xffff_ffff);
  });

  test('a session that is not kept starts clean', async () => {
    await using broker = await FakeBroker.start();
    await using _ = await openLink({ port: broker.port }, { keepForMs: 0 });
    expect(broker.peer().connect?.clean).toBe(true);
  });

  test('credentials are asked for again on each connect', async () => {
    await using broker = await FakeBroker.start();
    let asked = 0;
    const credentials = async () => ({ username: `u${++asked}`, password: 'p' });
    for (const id of ['a', 'b']) {
      await using _ = await openLink({ port: broker.port, credentials }, { id });
    }
    expect(broker.received('connect').map(({ username }) => username)).toEqual(['u1', 'u2']);
  });

  test('the first host that accepts is taken', async () => {
    await using refusing = await FakeBroker.start({ connack: { reasonCode: 137 } });
    await using accepting = await FakeBroker.start();
    const hosts = [
      { host: '127.0.0.1', port: await closedPort() },
      { host: '127.0.0.1', port: refusing.port },
      { host: '127.0.0.1', port: accepting.port },
    ];
    await using _ = await openLink({ hosts });
    expect(accepting.peers).toHaveLength(1);
  });
});

describe('why there is no connection', () => {
  test.each<[number, TransportError['code'], boolean]>([
    [0x80, 'CONNECT_REFUSED', true],
    [0x81, 'PROTOCOL_REFUSED', false],
    [0x84, 'PROTOCOL_REFUSED', false],
    [0x85, 'PROTOCOL_REFUSED', false],
    [0x86, 'AUTH_REFUSED', false],
    [0x87, 'AUTH_REFUSED', false],
    [0x88, 'CONNECT_REFUSED', true],
    [0x89, 'CONNECT_REFUSED', true],
    [0x8a, 'AUTH_REFUSED', false],
    [0x8c, 'AUTH_REFUSED', false],
    [0x97, 'CONNECT_REFUSED', true],
    [0x9c, 'CONNECT_REFUSED', true],
    [0x9f, 'CONNECT_REFUSED', true],
  ])('the broker answers with reason code %i', async (reasonCode, code, retryable) => {
    const error = await refusalBy({ connack: { reasonCode } });
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(`reason code 0x${reasonCode.toString(16)}`);
  });

  test('a broker of MQTT 3.1.1 says that it does not speak MQTT 5', async () => {
    const error = await refusalBy({
      script: { connect: ({ socket }) => socket.end(Buffer.from([0x20, 2, 0, 1])) },
    });
    expect(error).toMatchObject({ code: 'PROTOCOL_REFUSED', retryable: false });
  });

  test('nothing listens', async () => {
    const port = await closedPort();
    const error = await refusal({ port });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect(error.message).toContain(`mqtt://127.0.0.1:${port}`);
  });

  test('the host name is unknown', async () => {
    const error = await refusal({ host: 'broker.invalid' });
    expect(error).toMatchObject({ code: 'HOST_UNKNOWN', retryable: true });
    expect(error.message).toContain('broker.invalid');
  });

  test('the peer takes the connection and says nothing', async () => {
    const error = await refusalBy({ script: { connect: () => {} } }, { connectTimeoutMs: 80 });
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', retryable: true });
  });

  test('the peer closes the connection without an answer', async () => {
    const error = await refusalBy({ script: { connect: ({ socket }) => socket.end() } });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
  });

  test('the peer speaks something else', async () => {
    const http = 'HTTP/1.1 400 Bad Request\r\n\r\n';
    const error = await refusalBy({ script: { connect: ({ socket }) => socket.write(http) } });
    expect(error).toMatchObject({ code: 'PROTOCOL_REFUSED', retryable: false });
  });

  test('the credentials function fails: retryable, and nothing is dialled', async () => {
    await using broker = await FakeBroker.start();
    const error = await refusal({
      username: undefined,
      password: undefined,
      port: broker.port,
      credentials: () => Promise.reject(new Error('the vault is locked')),
    });
    expect(error).toMatchObject({
      code: 'CONNECT_REFUSED',
      retryable: true,
      cause: { message: 'the vault is locked' },
    });
    expect(broker.peers).toEqual([]);
  });

  test('the credentials function gives something else', async () => {
    const credentials = (() => 'token') as unknown as NonNullable<MqttOptions['credentials']>;
    const error = await refusal({ username: undefined, password: undefined, credentials });
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
  });

  test('credentials and the answer of the broker have one time limit in common', async () => {
    await using broker = await FakeBroker.start({ script: { connect: () => {} } });
    const now = performance.now.bind(performance);
    let passedMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
    const credentials = () => {
      passedMs = 3_599_950;
      return login;
    };
    const options = { username: undefined, password: undefined, port: broker.port, credentials };
    // Of an hour, 50 ms are left.
    expect((await refusal({ ...options, connectTimeoutMs: 3_600_000 })).code).toBe('CONNECT_TIMEOUT');
  });

  test('no user name was given: the broker refuses it, and the error says so', async () => {
    const connack = { connack: { reasonCode: 0x87 } };
    const anonymous = await refusalBy(connack, { username: undefined, password: undefined });
    expect(anonymous.message).toContain('No user name was given');
    expect((await refusalBy(connack)).message).not.toContain('No user name was given');
  });

  test('credentials do not come in time', async () => {
    const never = {
      username: undefined,
      password: undefined,
      credentials: () => new Promise<never>(() => {}),
    };
    expect(await refusal({ ...never, connectTimeoutMs: 20 })).toMatchObject({ code: 'CONNECT_TIMEOUT' });
  });

  test('refused credentials end the search: other hosts are not asked', async () => {
    await using refusing = await FakeBroker.start({ connack: { reasonCode: 0x86 } });
    await using other = await FakeBroker.start();
    const hosts = [refusing, other].map(({ port }) => ({ host: '127.0.0.1', port }));
    expect(await refusal({ hosts })).toMatchObject({ code: 'AUTH_REFUSED' });
    expect(other.peers).toEqual([]);
  });

  test('no host can be used: one error names them all, and is worth another try if one is', async () => {
    await using old = await FakeBroker.start({ connack: { reasonCode: 0x84 } });
    const closed = await closedPort();
    const hosts = [old.port, closed].map((port) => ({ host: '127.0.0.1', port }));
    const error = await refusal({ hosts });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    for (const port of [old.port, closed]) expect(error.message).toContain(`:${port}`);
  });
});

describe('aborting', () => {
  test('before the broker answered: the socket is closed at once', async () => {
    await using broker = await FakeBroker.start({ script: { connect: () => {} } });
    const abort = new AbortController();
    const refused = refusal({ port: broker.port }, abort.signal);
    await broker.until('connect');
    abort.abort(new Error('enough'));
    expect(await refused).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await broker.allClosed();
  });

  test('before it began', async () => {
    await using broker = await FakeBroker.start();
    expect(await refusal({ port: broker.port }, AbortSignal.abort())).toMatchObject({ code: 'ABORTED' });
    expect(broker.peers).toEqual([]);
  });

  test('while credentials are on their way', async () => {
    const abort = new AbortController();
    const refused = refusal(
      {
        username: undefined,
        password: undefined,
        credentials: () => {
          abort.abort();
          return new Promise<never>(() => {});
        },
      },
      abort.signal,
    );
    expect(await refused).toMatchObject({ code: 'ABORTED' });
  });

  test('no listener stays on a signal that lives long', async () => {
    await using broker = await FakeBroker.start();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await using _ = await openLink({ port: broker.port }, { signal });
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
  });
});

describe('TLS', () => {
  const { ca, cert, key } = certificates;
  const tls = { cert, key };

  test('with the right authority, given as text or bytes', async () => {
    await using broker = await FakeBroker.start({ tls });
    for (const authority of [ca, new TextEncoder().encode(ca), ['', ca].slice(1)]) {
      const options = {
        protocol: 'mqtts',
        host: 'localhost',
        port: broker.port,
        tls: { ca: authority },
      } as const;
      await using _ = await openLink(options);
      expect(broker.received('connect').length).toBeGreaterThan(0);
    }
  });

  test('a certificate for another name, unless it is the one that `serverName` gives', async () => {
    await using broker = await FakeBroker.start({ tls });
    const options = { host: '127.0.0.1', port: broker.port };
    expect(await refusal({ ...options, tls: { ca } })).toMatchObject({ code: 'TLS_REFUSED' });
    await using _ = await openLink({ ...options, tls: { ca, serverName: 'localhost' } });
  });

  test('a broker that wants a certificate of the client', async () => {
    const mutual = { ...tls, ca, requestCert: true, rejectUnauthorized: true };
    const error = await refusalBy({ tls: mutual }, { host: 'localhost', tls: { ca } });
    expect(error).toMatchObject({ code: 'TLS_REFUSED', retryable: false });
    await using broker = await FakeBroker.start({ tls: mutual });
    await using _ = await openLink({ host: 'localhost', port: broker.port, tls: { ca, cert, key } });
  });
});

describe('WebSocket', () => {
  test('with TLS: the authority and the name are checked as without', async () => {
    const { ca, cert, key } = certificates;
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const sockets = new Set<Socket>();
    const relay = createTlsServer({ cert, key }, (socket) => {
      const inner = connect(broker.webSocketPort as number, '127.0.0.1');
      for (const one of [socket, inner]) sockets.add(one.on('error', () => {}));
      socket.pipe(inner).pipe(socket);
    });
    relay.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const { port } = relay.address() as { port: number };
    const right = {
      username: 'intersect_username',
      password: 'intersect_password',
      protocol: 'wss',
      port,
    } as const;
    {
      await using _ = await openLink({ ...right, host: 'localhost', tls: { ca } });
    }
    {
      await using _ = await openLink({ ...right, tls: { ca, serverName: 'localhost' } });
    }
    expect(await refusal({ ...right, host: 'localhost' })).toMatchObject({ code: 'TLS_REFUSED' });
    expect(await refusal({ ...right, tls: { ca } })).toMatchObject({ code: 'TLS_REFUSED' });
    for (const socket of sockets) socket.destroy();
    relay.close();
  });

  test.each<[string, TransportError['code'], boolean]>([
    ['404 Not Found', 'PROTOCOL_REFUSED', false],
    ['403 Forbidden', 'AUTH_REFUSED', false],
    ['503 Service Unavailable', 'CONNECT_REFUSED', true],
  ])('answered with %s', async (status, code, retryable) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const error = await refusal({ protocol: 'ws', port, webSocketPath: '/there' });
    server.close();
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(`ws://127.0.0.1:${port}/there`);
    expect(error.message).toContain(status.slice(0, 3));
  });

  test('to the port for TCP: the error says which port is needed', async () => {
    const error = await refusalBy({}, { protocol: 'ws' });
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
    expect(error.message).toContain('ws:// needs the port for MQTT over WebSocket');
  });

  test('answered with something else', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('+OK POP3 ready\r\n')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const error = await refusal({ protocol: 'ws', port });
    server.close();
    expect(error).toMatchObject({ code: 'PROTOCOL_REFUSED', retryable: false });
  });
});

test('small packets do not wait for the acknowledgement of the one before (TCP_NODELAY)', async () => {
  const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
  await using broker = await FakeBroker.start();
  await using _open = await openLink({ port: broker.port });
  const ours = setNoDelay.mock.contexts.findLastIndex(
    (socket) => (socket as Socket).remotePort === broker.port,
  );
  expect(setNoDelay.mock.calls[ours]).toEqual([true]);
});

test('what the broker allows is known when the link is open', async () => {
  const connack: Partial<IConnackPacket> = { properties: { maximumPacketSize: 1_000 } };
  await using broker = await FakeBroker.start({ connack });
  await using open = await openLink({ port: broker.port }, SESSION);
  expect(open.link.maxPayloadBytes).toBeLessThan(1_000);
  expect(open.link.maxPayloadBytes).toBeGreaterThan(900);
});
