import { connect } from 'node:net';
import { loadClientConfig } from '@intersect-sdk/config';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { transportFor } from '@intersect-sdk/messaging/broker-config';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';

const PASSWORDS = ['p@ss:word/?#[]%', ' spaces and äöü€😀 ', '"quotes\'\\', '%41', '\u0001'];

describe('characters in user names and passwords', () => {
  test.each(PASSWORDS)('%j, as a field and in a URL', async (password) => {
    const username = `lab:${password}`;
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0, username, password });
    const escaped = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
    for (const place of [broker.url, broker.webSocketUrl as string]) {
      await using byFields = mqttTransport({ url: place, username, password });
      await byFields.connect();
      await using byUrl = mqttTransport({ url: place.replace('://', `://${escaped}@`) });
      await byUrl.connect();
    }
    const { brokers } = await loadClientConfig(
      {},
      { env: { INTERSECT_BROKER_URL: broker.url.replace('://', `://${escaped}@`) } },
    );
    await using configured = await transportFor(brokers[0] as never);
    await configured.connect();
  });
});

describe('addresses', () => {
  const credentials = { username: 'intersect_username', password: 'intersect_password' };

  test('IPv6, as a host and in a URL', async ({ skip }) => {
    if (!(await hasIPv6())) skip('IPv6 on the loopback of this machine');
    await using broker = await startDevBroker({ host: '::1', port: 0, webSocketPort: 0 });
    const { port, webSocketPort } = broker;
    for (const options of [
      { host: '::1', port },
      { url: `mqtt://[::1]:${port}` },
      { hosts: ['::1'], port },
      { url: `ws://[::1]:${webSocketPort}/ws` },
      { host: '::1', port: webSocketPort, webSocketPath: '/ws' },
    ]) {
      await using transport = mqttTransport({ ...options, ...credentials });
      await transport.connect();
      expect(transport.name).toContain('[::1]:');
    }
  });

  test('a name with several addresses: the one that answers is used', async () => {
    // `localhost` can be ::1 first; the broker is at one of its addresses only.
    await using broker = await startDevBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0 });
    for (const url of [`mqtt://localhost:${broker.port}`, `ws://localhost:${broker.webSocketPort}/ws`]) {
      await using transport = mqttTransport({ url, ...credentials });
      await transport.connect();
    }
  });
});

describeWithBroker('rabbitmq', ({ amqpUrl, managementUrl, username, password }) => {
  async function manage(request: string, body?: object): Promise<void> {
    const [method = '', path = ''] = request.split(' ');
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const response = await fetch(new URL(`/api/${path}`, managementUrl), {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    });
    expect(response.ok).toBe(true);
  }

  test.each(['lab', '/lab', 'ä lab'])(
    'the virtual host %j in plain configuration, in a URL and in the environment',
    async (vhost) => {
      const name = encodeURIComponent(vhost);
      await manage(`PUT vhosts/${name}`, {});
      try {
        await manage(`PUT permissions/${name}/${username}`, { configure: '.*', write: '.*', read: '.*' });
        const { hostname: host, port } = new URL(amqpUrl);
        const plain = { protocol: 'amqp0.9.1', host, port: Number(port), username, password } as const;
        const url = `amqp://${username}:${password}@${host}:${port}/${name}`;
        const { brokers } = await loadClientConfig({}, { env: { INTERSECT_BROKER_URL: url } });
        for (const transport of [
          await transportFor({ ...plain, vhost }),
          await transportFor(brokers[0] as never),
          amqpTransport({ url }),
        ]) {
          await transport.connect();
          expect(decodeURIComponent(transport.name)).toContain(vhost);
          await transport.close();
        }
      } finally {
        await manage(`DELETE vhosts/${name}`);
      }
    },
  );
});

function hasIPv6(): Promise<boolean> {
  return new Promise((resolve) => {
    connect({ host: '::1', port: 1 }).on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED'),
    );
  });
}
