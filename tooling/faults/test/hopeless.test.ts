// A connection that can't ever work is not tried for ever: it ends with the reason, and says that it is over.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { describe, expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { expectNothingLeft } from '../lib/leftovers.js';
import { removeServiceQueues } from '../lib/manage.js';
import { type Protocol, sides } from '../lib/protocols.js';
import { stateIs, until } from '../lib/waiting.js';

/** What a broker says that speaks another version: AMQP 1.0, and `unsupported protocol version`. */
const OTHER_VERSION: Record<Protocol['name'], Buffer> = {
  AMQP: Buffer.from('AMQP\0\x01\0\0', 'latin1'),
  MQTT: Buffer.from([0x20, 3, 0, 0x84, 0]),
};

/** A server that says the same to everybody who says anything. */
async function saying(bytes: Buffer) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;
  expectNothingLeft();

  describe.concurrent.each(sides)('$role on $name', ({ role, protocol }) => {
    const url = protocol.urlOf(rabbitmq);
    const direct = { url, username, password };

    test('credentials that are refused at the start', async () => {
      const wrong = { ...direct, password: 'not the password' };
      const couple = new Couple({ client: protocol.transport(wrong), service: protocol.transport(wrong) });
      const gateway = couple[role];
      await expect(gateway.startup()).rejects.toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
      expect(couple.states[role]).toEqual(['connecting', 'closed']);
      expect(couple.transports[role].state).toMatchObject({
        kind: 'closed',
        error: { code: 'AUTH_REFUSED' },
      });
      expect(gateway.consideredUnrecoverable()).toBe(true);
      record({
        fault: 'refused credentials',
        role,
        protocol: protocol.name,
        promise:
          'startup() throws AUTH_REFUSED, the state is closed with it, consideredUnrecoverable() is true',
        counted: `states: ${couple.states[role].join(', ')}`,
      });
    });

    test('credentials that are refused later, after a lost connection', async () => {
      await using proxy = await FaultProxy.to(url);
      let current = password;
      const rotating = { url: proxy.url, credentials: () => ({ username, password: current }) };
      const couple = new Couple({
        client: protocol.transport(role === 'client' ? rotating : direct),
        service: protocol.transport(role === 'service' ? rotating : direct),
        work: () => new Promise<never>(() => {}),
        serviceConfig: { shutdownTimeoutMs: 100 },
        timeoutMs: 10_000,
      });
      await couple.start();
      const gateway = couple[role];
      const finished = expect(gateway.untilFinished()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
      const waiting = role === 'client' ? couple.ask() : undefined;
      if (waiting !== undefined) await until('the request is there', () => couple.executed === 1);
      current = 'not the password';
      proxy.cut();
      const { error } = await stateIs(couple.transports[role], 'closed');
      await finished;
      await waiting;
      expect(error).toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
      expect([gateway.isConnected(), gateway.consideredUnrecoverable()]).toEqual([false, true]);
      const accepted = proxy.accepted;
      const codes = Object.keys(couple.codes);
      // It may not have heard yet that the broker took the request.
      if (waiting !== undefined) expect(['REQUEST_ABORTED', 'AUTH_REFUSED']).toContain(codes.join());
      await couple.end();
      expect(gateway.consideredUnrecoverable()).toBe(true);
      expect(proxy.accepted).toBe(accepted);
      expect(couple.states[role]).toEqual(['connecting', 'open', 'reconnecting', 'closed']);
      await removeServiceQueues(rabbitmq, couple.service.address);
      const ofRequest = waiting === undefined ? '' : `; 1 request waiting, ended with ${codes.join()}`;
      record({
        fault: 'credentials refused when it connects again',
        role,
        protocol: protocol.name,
        promise: 'closed with AUTH_REFUSED, consideredUnrecoverable() is true, what waits is told at once',
        counted: `states: ${couple.states[role].join(', ')}${ofRequest}`,
      });
    });

    test('a broker of another version', async () => {
      await using other = await saying(OTHER_VERSION[protocol.name]);
      const { protocol: scheme } = new URL(url);
      const there = { ...direct, url: `${scheme}//127.0.0.1:${other.port}` };
      const couple = new Couple({ client: protocol.transport(there), service: protocol.transport(there) });
      await expect(couple[role].startup()).rejects.toMatchObject({
        code: 'PROTOCOL_REFUSED',
        retryable: false,
      });
      expect(couple.states[role]).toEqual(['connecting', 'closed']);
      expect(couple[role].consideredUnrecoverable()).toBe(true);
      record({
        fault: 'a broker that speaks another version',
        role,
        protocol: protocol.name,
        promise:
          'startup() throws PROTOCOL_REFUSED, the state is closed with it, consideredUnrecoverable() is true',
        counted: `states: ${couple.states[role].join(', ')}`,
      });
    });
  });
});
