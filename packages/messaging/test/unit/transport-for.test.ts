import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ConfigError, TransportError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { type BrokerConfig, transportFor } from '../../src/broker-config.js';
import {
  storeFor as storeInBrowser,
  transportFor as transportInBrowser,
} from '../../src/broker-config-browser.js';

const login = { username: 'lab', password: 'secret-word' };
const mqtt = { ...login, protocol: 'mqtt5.0' } as const;
const amqp = { ...login, protocol: 'amqp0.9.1' } as const;

/** Two bytes in hexadecimal and all as text: what the transport says first to whoever listens where the configuration points. */
async function firstWords(config: BrokerConfig, make = transportFor): Promise<string> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      heard = `${data.toString('hex', 0, 2)} ${data.toString('latin1').replace(/[^ -~]/g, '.')}`;
      socket.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const transport = await make({ ...config, port });
  await expect(transport.connect()).rejects.toBeInstanceOf(TransportError);
  await transport.close();
  server.close();
  return heard;
}

describe('transportFor', () => {
  it.each([
    ['MQTT', mqtt, /^10.*MQTT.*lab.*secret-word$/],
    ['MQTT over WebSocket', { ...mqtt, webSocketPath: '/mqtt' }, / GET \/mqtt HTTP/],
    ['AMQP', amqp, / AMQP\.{4}$/],
    ['MQTT with TLS', { ...mqtt, tls: true }, /^1603 /],
    ['MQTT over WebSocket with TLS', { ...mqtt, tls: true, webSocketPath: '/ws' }, /^1603 /],
    ['AMQP with TLS', { ...amqp, tls: { serverName: 'broker.lab' } }, /^1603 .*broker\.lab/],
  ])('makes a transport that speaks %s', async (_, config, words) => {
    expect(await firstWords(config)).toMatch(words);
  });

  it('tells the transport what the broker is set to', async () => {
    const overAmqp = await transportFor({ ...amqp, consumerTimeoutMs: 14_400_000 });
    expect(overAmqp.capabilities.acknowledgeWithinMs).toBe(14_400_000);
    const overMqtt = await transportFor({ ...mqtt, maxUnacknowledged: 50 });
    expect(overMqtt.capabilities.maxUnacknowledged).toBe(50);
    // Unless it is said, RabbitMQ's own.
    expect((await transportFor(amqp)).capabilities.acknowledgeWithinMs).toBe(1_800_000);
    expect((await transportFor(mqtt)).capabilities.maxUnacknowledged).toBe(10);
  });

  it('refuses what it cannot use, all problems at once', async () => {
    const failure = transportFor({ ...mqtt, port: 0, password: '' });
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    await expect(failure).rejects.toMatchObject({ issues: [{ path: 'password' }, { path: 'port' }] });
  });
});

describe('the field proxy', () => {
  it('is who the transport asks first', async () => {
    let asked = '';
    const proxy = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        asked = data.toString('latin1');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    const transport = await transportFor({ ...mqtt, host: 'broker.lab', proxy: `http://127.0.0.1:${port}` });
    await expect(transport.connect()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect(asked).toMatch(/^CONNECT broker\.lab:1883 HTTP/);
    await transport.close();
    proxy.close();
  });
});

it('makes no data store of plain values in a page, since it would show the password', async () => {
  await expect(storeInBrowser()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    issues: [{ path: 'dataStores.minio', message: expect.stringContaining('gatewayStore()') }],
  });
});

describe('transportFor in a browser', () => {
  it('speaks MQTT over WebSocket, on /ws unless told otherwise', async () => {
    expect(await firstWords(mqtt, transportInBrowser)).toMatch(/ GET \/ws HTTP/);
    const named = { ...mqtt, webSocketPath: '/mqtt' };
    expect(await firstWords(named, transportInBrowser)).toMatch(/ GET \/mqtt HTTP/);
  });

  it.each([
    [amqp, 'protocol'],
    [{ ...mqtt, tls: { ca: 'PEM' } }, 'tls'],
    [{ ...mqtt, port: 0 }, 'port'],
    [{ ...mqtt, proxy: 'http://proxy.lab:3128' }, 'proxy'],
  ])('refuses %o', async (config, path) => {
    const failure = transportInBrowser(config);
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    await expect(failure).rejects.toMatchObject({ issues: [{ path }] });
  });
});
