import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { TransportError } from '@intersect-sdk/core';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { expect, test, vi } from 'vitest';
import { type MqttOptions, mqttTransport, resolveMqttOptions } from '../../src/index.js';
import { certificates } from '../support/certificates.js';
import { ConnectProxy, type ConnectProxyOptions } from '../support/connect-proxy.js';
import { FakeBroker } from '../support/fake-broker.js';
import { message, openLink } from '../support/links.js';

const SECRET = 'never-show-this';

/** At the development broker. */
const LOGIN = { username: 'intersect_username', password: 'intersect_password' };

/** The refusal, proved to be typed and free of secrets. */
async function refusal(options: MqttOptions, signal?: AbortSignal): Promise<TransportError> {
  const thrown: unknown = await openLink(options, signal && { signal }).then(
    () => new Error('it opened'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof TransportError)) throw thrown;
  expect(`${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`).not.toMatch(
    new RegExp(`${SECRET}|${Buffer.from(`lab:${SECRET}`).toString('base64')}`),
  );
  return thrown;
}

/** Takes TLS off, as the server in front of a broker does. */
async function tlsBefore(port: number) {
  const server = createTlsServer({ cert: certificates.cert, key: certificates.key }, (socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const one of [socket, inner]) one.on('error', () => {});
    inner.on('close', () => socket.destroy());
    socket.on('close', () => inner.destroy());
    socket.pipe(inner).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test.each(['mqtt', 'mqtts', 'ws', 'wss'] as const)(
  '%s goes through the proxy, and leaves no socket behind',
  async (protocol) => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const plain = protocol.startsWith('ws') ? (broker.webSocketPort as number) : broker.port;
    const { server, port } = await tlsBefore(plain);
    const withTls = protocol === 'mqtts' || protocol === 'wss';
    // Nothing listens on the port that is asked for, so there is no way around the proxy.
    await using proxy = await ConnectProxy.start({ to: withTls ? port : plain });
    await using transport = mqttTransport({
      protocol,
      host: 'localhost',
      port: 1,
      ...LOGIN,
      proxy: proxy.url,
      ...(withTls && { tls: { ca: certificates.ca } }),
      ...(protocol.startsWith('ws') && { webSocketPath: '/' }),
    });
    await transport.connect();
    let arrived: (text: string) => void = () => {};
    const came = new Promise<string>((resolve) => {
      arrived = resolve;
    });
    await transport.subscribe('a/b', ({ payload }) => arrived(new TextDecoder().decode(payload)));
    await transport.publish(message('a/b', 'hello'));
    expect(await came).toBe('hello');
    expect(new Set(proxy.targets)).toEqual(new Set(['localhost:1']));
    await transport.close();
    await proxy.untilAllClosed();
    server.close();
  },
);

/** A proxy that is reached over TLS, by the name of its certificate. */
async function proxyOverTls(options: ConnectProxyOptions = {}) {
  const { cert, key } = certificates;
  const proxy = await ConnectProxy.start({ ...options, tls: { cert, key } });
  return { proxy, url: (login = '') => `https://${login}localhost:${proxy.port}` };
}

test.each(['mqtts', 'wss'] as const)('%s goes through a proxy that is reached over TLS', async (protocol) => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  const plain = protocol === 'wss' ? (broker.webSocketPort as number) : broker.port;
  const { server, port } = await tlsBefore(plain);
  const { proxy, url } = await proxyOverTls({ to: port });
  await using _ = proxy;
  const transport = mqttTransport({
    protocol,
    host: 'localhost',
    port: 1,
    ...LOGIN,
    proxy: url('lab:pw@'),
    tls: { ca: certificates.ca },
    ...(protocol === 'wss' && { webSocketPath: '/' }),
  });
  await transport.connect();
  expect(new Set(proxy.targets)).toEqual(new Set(['localhost:1']));
  expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${btoa('lab:pw')}`]));
  await transport.close();
  await proxy.untilAllClosed();
  server.close();
});

test('a proxy whose certificate nobody vouches for is sent nothing', async () => {
  const { proxy, url } = await proxyOverTls();
  await using _ = proxy;
  const error = await refusal({ protocol: 'mqtts', host: 'localhost', proxy: url(`lab:${SECRET}@`) });
  expect(error).toMatchObject({ code: 'TLS_REFUSED', retryable: false });
  expect(error.message).toContain(`the proxy ${url()} could not be reached: TLS failed`);
  expect(error.message).toContain("the proxy's certificate is signed by an authority");
  expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
  expect(proxy.targets).toEqual([]);
  await proxy.untilAllClosed();
});

test('a proxy with a certificate of another name', async () => {
  const { proxy } = await proxyOverTls();
  await using _ = proxy;
  const tls = { ca: certificates.ca };
  const error = await refusal({ protocol: 'mqtts', proxy: `https://127.0.0.1:${proxy.port}`, tls });
  expect(error).toMatchObject({ code: 'TLS_REFUSED' });
  expect(error.message).toContain('name the proxy by that one');
  expect(proxy.targets).toEqual([]);
});

test('https:// for a proxy without TLS', async () => {
  await using proxy = await ConnectProxy.start();
  const error = await refusal({ protocol: 'mqtts', proxy: proxy.url.replace('http:', 'https:') });
  expect(error).toMatchObject({ code: 'TLS_REFUSED' });
  expect(error.message).toContain('most proxies are reached by http://');
  await proxy.untilAllClosed();
});

test.each(['mqtts', 'wss'] as const)(
  '%s: the certificate is checked behind a proxy, too',
  async (protocol) => {
    const { server, port } = await tlsBefore(1);
    await using proxy = await ConnectProxy.start();
    const error = await refusal({ protocol, host: 'localhost', port, tls: true, proxy: proxy.url });
    expect(error).toMatchObject({ code: 'TLS_REFUSED', retryable: false });
    await proxy.untilAllClosed();
    server.close();
  },
);

test('user name and password go to the proxy alone', async () => {
  await using broker = await FakeBroker.start();
  await using proxy = await ConnectProxy.start();
  const url = `http://l%40b:p%3A%C3%A4@127.0.0.1:${proxy.port}`;
  await using _ = await openLink({ port: broker.port, proxy: url });
  const [authorization = ''] = proxy.authorizations;
  expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('l@b:p:ä');
  expect(broker.peer().connect).not.toHaveProperty('password');
});

test('without credentials the proxy is sent none', async () => {
  await using broker = await FakeBroker.start();
  await using proxy = await ConnectProxy.start();
  await using _ = await openLink({ port: broker.port, proxy: proxy.url });
  expect(proxy.authorizations).toEqual([undefined]);
});

test.each([
  ['407 Proxy Authentication Required', '', 'AUTH_REFUSED', 'asks for a user name and password'],
  ['407 Proxy Authentication Required', `lab:${SECRET}@`, 'AUTH_REFUSED', 'does not accept this user name'],
  ['403 Forbidden', `lab:${SECRET}@`, 'AUTH_REFUSED', 'does not allow connections to 127.0.0.1:1883'],
  ['502 Bad Gateway', '', 'CONNECT_REFUSED', 'could not connect to 127.0.0.1:1883'],
  ['405 Method Not Allowed', '', 'PROTOCOL_REFUSED', 'Check that it is an HTTP proxy'],
  ['302 Found', '', 'PROTOCOL_REFUSED', 'opens no connections'],
])('a proxy that says %s to "%s"', async (...[status, login, code, says]) => {
  await using proxy = await ConnectProxy.saying(status);
  const error = await refusal({ proxy: `http://${login}127.0.0.1:${proxy.port}` });
  expect(error).toMatchObject({ code, retryable: code === 'CONNECT_REFUSED' });
  expect(error.message).toContain(`the proxy ${proxy.url} `);
  expect(error.message).toContain(says);
  expect(error.message).toContain(`HTTP status ${status.slice(0, 3)}`);
  await proxy.untilAllClosed();
});

test('a broker that the proxy cannot reach', async () => {
  await using proxy = await ConnectProxy.start();
  const error = await refusal({ port: 1, proxy: proxy.url });
  expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
});

test('no proxy listens', async () => {
  const proxy = await ConnectProxy.start();
  const { url } = proxy;
  await proxy[Symbol.asyncDispose]();
  const error = await refusal({ proxy: url.replace('//', `//lab:${SECRET}@`) });
  expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
  expect(error.message).toContain(`the proxy ${url} could not be reached: nothing accepts connections there`);
  expect(error.message).toContain('Check that the proxy runs');
});

test('a proxy of an unknown name', async () => {
  const error = await refusal({ proxy: `http://lab:${SECRET}@proxy.invalid:3128` });
  expect(error).toMatchObject({ code: 'HOST_UNKNOWN' });
  expect(error.message).toContain('the proxy http://proxy.invalid:3128 could not be reached');
});

test.each([
  ['no proxy at all', 'SSH-2.0-x\r\n', 'PROTOCOL_REFUSED', 'does not speak HTTP'],
  ['a proxy that hangs up', '', 'CONNECT_REFUSED', 'ended the connection without an answer'],
])('%s', async (...[, says, code, sentence]) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(says));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const error = await refusal({ proxy: `http://lab:${SECRET}@127.0.0.1:${port}` });
  expect(error.code).toBe(code);
  expect(error.message).toContain(sentence);
  server.close();
  await once(server, 'close');
});

test('a proxy that hangs takes no longer than connecting may', async () => {
  await using proxy = await ConnectProxy.start({ answer: () => {} });
  const error = await refusal({
    proxy: `http://lab:${SECRET}@127.0.0.1:${proxy.port}`,
    connectTimeoutMs: 100,
  });
  expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', retryable: true });
  expect(error.message).toContain(`the proxy ${proxy.url} did not answer within`);
  await proxy.untilAllClosed();
});

test.each(['mqtt', 'mqtts', 'ws', 'wss'] as const)(
  '%s: a broker that hangs behind the proxy',
  async (protocol) => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await using proxy = await ConnectProxy.start();
    const error = await refusal({
      protocol,
      port: (silent.address() as AddressInfo).port,
      proxy: proxy.url,
      connectTimeoutMs: 200,
    });
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT' });
    await proxy.untilAllClosed();
    silent.close();
  },
);

test('connecting that is given up ends the request to the proxy', async () => {
  await using proxy = await ConnectProxy.start({ answer: () => {} });
  const giveUp = new AbortController();
  const refused = refusal({ proxy: proxy.url }, giveUp.signal);
  await proxy.untilAsked();
  giveUp.abort();
  expect(await refused).toMatchObject({ code: 'ABORTED' });
  await proxy.untilAllClosed();
});

test.each(['mqtt', 'ws'] as const)(
  '%s: a proxy that ends the tunnel is a lost connection',
  async (protocol) => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    await using proxy = await ConnectProxy.start();
    await using open = await openLink({
      protocol,
      port: protocol === 'ws' ? (broker.webSocketPort as number) : broker.port,
      ...(protocol === 'ws' && { webSocketPath: '/' }),
      ...LOGIN,
      proxy: proxy.url,
    });
    proxy.cut();
    expect(await open.lost).toMatchObject({ code: 'CONNECTION_LOST' });
  },
);

test('a broker behind IPv6 is named in brackets', async () => {
  await using proxy = await ConnectProxy.saying('403 Forbidden');
  await refusal({ host: '::1', proxy: proxy.url });
  expect(proxy.targets).toEqual(['[::1]:1883']);
});

test('printed options show where the proxy is, and neither user name nor password', () => {
  const options = resolveMqttOptions({ proxy: `http://lab-user:${SECRET}@proxy.lab:3128` });
  expect(options.proxy).toMatchObject({ host: 'proxy.lab', port: 3128, password: SECRET });
  const printed = `${inspect(options, { depth: 9 })} ${JSON.stringify(options)} ${JSON.stringify({ ...options })}`;
  expect(printed).toContain('http://proxy.lab:3128');
  expect(printed).not.toMatch(/never-show-this|lab-user/);
});

test.each([
  `ftp://lab:${SECRET}@proxy.lab:3128`,
  `lab:${SECRET}@proxy.lab:3128`,
  `http://lab:${SECRET}@proxy.lab:3128/path`,
  `http://lab:${SECRET}@`,
  `http://lab:/${SECRET}@proxy.lab`,
])('an option that names no HTTP proxy is refused without being repeated', (proxy) => {
  const resolve = () => resolveMqttOptions({ proxy });
  expect(resolve).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(resolve).toThrow(/proxy: (must|has)/);
  expect(resolve).not.toThrow(SECRET);
});

test.each(['socks', 'socks4', 'socks4a', 'socks5', 'socks5h', 'SOCKS5'])(
  'a proxy by %s:// is refused with what is possible instead',
  (scheme) => {
    const resolve = () => resolveMqttOptions({ proxy: `${scheme}://lab:${SECRET}@proxy.lab` });
    expect(resolve).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(resolve).toThrow(/proxy: is a SOCKS proxy, and only HTTP proxies .*ssh -L/);
    expect(resolve).not.toThrow(SECRET);
  },
);

test('variables of the environment name no proxy', async () => {
  await using broker = await FakeBroker.start();
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'https_proxy', 'all_proxy']) {
    vi.stubEnv(name, 'http://127.0.0.1:1');
  }
  try {
    await using _ = await openLink({ port: broker.port });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a browser is told that its own settings hold, before anything is connected', async () => {
  await using proxy = await ConnectProxy.start();
  vi.doMock('#mqtt', () => ({ default: { webSocketOnly: true } }));
  try {
    const error = await refusal({ protocol: 'ws', proxy: proxy.url });
    expect(error).toMatchObject({ code: 'PROTOCOL_REFUSED', retryable: false });
    expect(error.message).toContain('A browser uses the proxy of its own settings');
    expect(proxy.targets).toEqual([]);
  } finally {
    vi.doUnmock('#mqtt');
  }
});
