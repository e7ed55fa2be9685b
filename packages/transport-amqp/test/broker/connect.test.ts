import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { createServer } from 'node:tls';
import { inspect } from 'node:util';
import { TransportError } from '@intersect-sdk/core';
import { closeConnection, listConnections } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test, vi } from 'vitest';
import type { AmqpOptions } from '../../src/index.js';
import { certificates } from '../support/certificates.js';
import { closedPort } from '../support/fake-peer.js';
import { freshChannel, message, openLink, optionsFor, specFor } from '../support/links.js';
import { manage } from '../support/management.js';
import { restrictedUser } from '../support/restricted-user.js';

/** What costs the broker work is not asked too often. */
const RARELY = { interval: 250 };

describeWithBroker('rabbitmq', (rabbitmq) => {
  const options = optionsFor(rabbitmq);
  const { username, password } = rabbitmq;
  const { hostname: host, port: portText } = new URL(rabbitmq.amqpUrl);
  const port = Number(portText);

  /** Why it does not open. What waits for the end of the time instead of the broker's word would wait an hour. */
  async function refusal(more: AmqpOptions): Promise<TransportError> {
    const error: unknown = await openLink({ ...more, connectTimeoutMs: 3_600_000 }).then(
      async ({ link }) => {
        await link.close();
        return new Error('it opened');
      },
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TransportError)) throw error;
    expect(inspect(error, { depth: 10 })).not.toContain(more.password ?? password);
    return error;
  }

  async function worksAt(where: AmqpOptions): Promise<void> {
    await using opened = await openLink(where);
    const spec = specFor(freshChannel());
    await opened.link.subscribe(spec);
    await opened.link.publish(message(spec.channel), { durable: true });
    await spec.inbox.atLeast(1);
  }

  test('a wrong password is refused for good, and the error does not show it', async () => {
    const error = await refusal({ ...options, password: 'wrong-but-secret' });
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    expect(error.message).toContain('password');
  });

  test('a virtual host that does not exist is refused for good, by name', async () => {
    const error = await refusal({ ...options, vhost: 'no/such host' });
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    expect(error.message).toContain("'no/such host'");
    expect(error.message).toContain('does not exist');
  });

  test('a virtual host without permissions is refused for good', async () => {
    await using user = await restrictedUser(rabbitmq, undefined);
    const error = await refusal({ ...options, username: user.username, password: user.password });
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    expect(error.message).toContain('permissions');
  });

  test('a virtual host that is full can be tried again', async () => {
    const vhost = `test-${randomUUID()}`;
    await manage(rabbitmq, `PUT vhosts/${vhost}`, {});
    try {
      await manage(rabbitmq, `PUT permissions/${vhost}/${username}`, {
        configure: '.*',
        write: '.*',
        read: '.*',
      });
      await worksAt({ ...options, vhost });
      await manage(rabbitmq, `PUT vhost-limits/${vhost}/max-connections`, { value: 0 });
      const error = await refusal({ ...options, vhost });
      expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
      expect(error.message).toContain('limit');
    } finally {
      await manage(rabbitmq, `DELETE vhosts/${vhost}`);
    }
  });

  test('a user that may not declare the exchange is told to set isRoot: false, which then works', async () => {
    await using user = await restrictedUser(rabbitmq, { configure: '^amq\\.gen.*', write: '.*', read: '.*' });
    const login = { ...options, username: user.username, password: user.password };
    const error = await refusal(login);
    expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    expect(error.message).toContain('isRoot');
    await worksAt({ ...login, isRoot: false });
  });

  test('with several hosts the first that works is taken', async () => {
    const dead = { host: '127.0.0.1', port: await closedPort() };
    await worksAt({ username, password, hosts: [dead, { host, port }] });
  });

  test('refused credentials are not tried at the other hosts', async () => {
    await using second = await FaultProxy.to(rabbitmq.amqpUrl);
    const hosts = [
      { host, port },
      { host: '127.0.0.1', port: second.port },
    ];
    expect(await refusal({ username, password: 'wrong-but-secret', hosts })).toMatchObject({
      code: 'AUTH_REFUSED',
    });
    expect(second.accepted).toBe(0);
  });

  test('credentials are asked for again for each connection, so they may change in between', async () => {
    await using user = await restrictedUser(rabbitmq, { configure: '.*', write: '.*', read: '.*' });
    let current = user.password;
    const credentials = vi.fn(async () => ({ username: user.username, password: current }));
    await worksAt({ url: rabbitmq.amqpUrl, credentials });
    current = randomUUID();
    await user.setPassword(current);
    await worksAt({ url: rabbitmq.amqpUrl, credentials });
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  test('works through TLS with a private authority, and says who refuses a virtual host there too', async () => {
    const { ca, cert, key } = certificates;
    const server = createServer({ cert, key }, (secure) => {
      const plain = connectTcp(port, host);
      secure.pipe(plain).pipe(secure);
      for (const socket of [secure, plain]) socket.on('error', () => secure.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const tlsPort = typeof address === 'object' && address ? address.port : 0;
    const url = `amqps://localhost:${tlsPort}`;
    try {
      await worksAt({ username, password, url, tls: { ca } });
      expect(await refusal({ username, password, url, tls: { ca }, vhost: 'nope' })).toMatchObject({
        code: 'AUTH_REFUSED',
      });
    } finally {
      server.close();
    }
  });

  /** The connection as the broker shows it, which it does some seconds late. */
  const shown = async (connectionName: string) =>
    (await listConnections(rabbitmq)).find(({ clientName }) => clientName === connectionName);

  test('the broker shows the name of the connection', async () => {
    const connectionName = `test ${randomUUID()}`;
    await using _named = await openLink({ ...options, connectionName });
    await expect.poll(async () => (await shown(connectionName))?.protocol, RARELY).toContain('AMQP');
  });

  test('a connection that an operator closes is lost, once, with the reason, and can be had again', async () => {
    const connectionName = `test ${randomUUID()}`;
    const opened = await openLink({ ...options, connectionName });
    await expect.poll(() => shown(connectionName), RARELY).toBeDefined();
    await closeConnection(rabbitmq, (await shown(connectionName))?.name ?? '');
    const [lost] = await opened.events.losses.atLeast(1);
    expect(lost).toMatchObject({ code: 'CONNECTION_LOST', retryable: true });
    expect(lost?.message).toContain('CONNECTION_FORCED');
    await expect(opened.link.publish(message(freshChannel()), { durable: true })).rejects.toBe(lost);
    await opened.link.close();
    expect(opened.events.losses.all).toHaveLength(1);
  });
});
