// The network is well, and it is the broker that ends something: a queue, a channel, a session.
import { requestChannel, responseChannel } from '@intersect-sdk/core';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { describe, expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { handles, leftSince, NOTHING } from '../lib/leftovers.js';
import { underLoad } from '../lib/load.js';
import { deleteQueue, queueOf, removeServiceQueues } from '../lib/manage.js';
import { type Protocol, protocols, type Role, sides } from '../lib/protocols.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

const LOAD = { requestsPerSecond: 50 };
const TIMEOUT_MS = 2_000;

/** What a request may end with when the broker threw away the queue that it, or its answer, was in. */
const LOST_WITH_A_QUEUE = new Set(['UNROUTABLE', 'REQUEST_TIMEOUT']);

/** A frame of AMQP as a client sends it. */
function amqpFrame(channel: number, method: Buffer): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(1, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(method.length, 3);
  return Buffer.concat([head, method, Buffer.from([0xce])]);
}

const name = Buffer.from('no-such-queue');
/** `queue.declare`, passive, of a queue that is not there: 404 on the channel for publishing. */
const passiveDeclare = amqpFrame(
  1,
  Buffer.concat([Buffer.from([0, 50, 0, 10, 0, 0, name.length]), name, Buffer.from([1, 0, 0, 0, 0])]),
);
/** `basic.ack` of a message that was never delivered: 406 on the channel of the first subscription. */
const strayAck = amqpFrame(2, Buffer.from([0, 60, 0, 80, 0, 0, 0, 0, 0, 15, 66, 63, 0]));

/** What a broker of each protocol takes for an error of the client. */
const protocolErrors: Record<Protocol['name'], (readonly [what: string, bytes: Buffer])[]> = {
  AMQP: [
    ['a channel error where messages go out', passiveDeclare],
    ['a channel error where messages come in', strayAck],
  ],
  // A packet of a kind that does not exist.
  MQTT: [['a malformed packet', Buffer.from([0, 0])]],
};

/** How often the program was told that a connection or a subscription was lost. */
function told({ reports, states }: Couple, role: Role): number {
  const losses = states[role].filter((state) => state === 'reconnecting').length;
  return (reports.get(`${role}: broker-failed`) ?? 0) + losses;
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  describe.each(sides)('$role on $name', ({ role, protocol }) => {
    test('a queue that is deleted under its consumer', async () => {
      const before = handles();
      const proxy = await FaultProxy.to(protocol.urlOf(rabbitmq));
      const access = { url: proxy.url, username, password };
      const couple = new Couple({
        client: protocol.transport(access),
        service: protocol.transport(access),
        timeoutMs: TIMEOUT_MS,
      });
      await couple.start();
      const { client, service } = couple;
      const channel = role === 'client' ? responseChannel(client.address) : requestChannel(service.address);
      // RabbitMQ doesn't tell MQTT clients that their queue is gone: only a new connection helps.
      const isTold = protocol.name === 'AMQP';
      await underLoad([couple], LOAD, async () => {
        await until('requests are answered', () => couple.answered > 20);
        await deleteQueue(rabbitmq, await queueOf(rabbitmq, channel));
        if (!isTold) {
          await until('requests fail', () => couple.errors.length > 10);
          proxy.cut();
        }
        const answered = couple.answered;
        await until('requests are answered again', () => couple.answered > answered + 50);
      });
      await couple.end();
      await proxy[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(Object.keys(couple.codes).filter((code) => !LOST_WITH_A_QUEUE.has(code))).toEqual([]);
      expect(couple.answered + couple.errors.length).toBe(couple.asked);
      expect([couple.wrong, couple.late]).toEqual([0, 0]);
      expect(told(couple, role)).toBe(1);
      record({
        fault: 'queue deleted under its consumer',
        role,
        protocol: protocol.name,
        promise: isTold
          ? 'subscribed again by itself and told once; what was in the queue ends with a typed error in its time'
          : 'RabbitMQ does not tell it over MQTT: requests end with a typed error in their time until the next ' +
            'connection, which makes the queue again',
        counted: couple.sentence,
      });
    });

    test.each(protocolErrors[protocol.name])('%s', async (what, bytes) => {
      const before = handles();
      const proxy = await FaultProxy.to(protocol.urlOf(rabbitmq));
      const direct = { url: protocol.urlOf(rabbitmq), username, password };
      const proxied = { ...direct, url: proxy.url };
      const couple = new Couple({
        client: protocol.transport(role === 'client' ? proxied : direct),
        service: protocol.transport(role === 'service' ? proxied : direct),
      });
      await couple.start();
      await couple.listen();
      await underLoad([couple], { ...LOAD, eventsPerSecond: 10 }, async () => {
        for (let round = 1; round <= 5; round++) {
          const answered = couple.answered;
          await until('requests are answered', () => couple.answered > answered + 10);
          proxy.inject(bytes, 'to-target');
          await until('the broker refused it', () => told(couple, role) >= round);
          await stateIs(couple.transports[role], 'open');
        }
      });
      await until('every event is there', () => couple.seen.length >= couple.ticked);
      await couple.end();
      await proxy[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(couple.codes).toEqual({});
      expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
      expect(couple.seen).toEqual(Array.from({ length: couple.ticked }, (_, number) => number));
      record({
        fault: `protocol error: ${what}, 5 times`,
        role,
        protocol: protocol.name,
        promise:
          'the channel or connection is made again; each request is answered once, events come once and in order',
        counted: `${couple.sentence}; ${couple.seen.length} of ${couple.ticked} events in order`,
      });
    });
  });

  test.each(protocols)('two services under one address on $name', async (protocol) => {
    const before = handles();
    const access = { url: protocol.urlOf(rabbitmq), username, password };
    const couple = new Couple({
      client: protocol.transport(access),
      service: protocol.transport(access),
      work: () => lasting(20),
    });
    await couple.start();
    const second = new Couple({
      client: protocol.transport(access),
      service: protocol.transport(access),
      serviceName: couple.service.address.split('.').at(-1) ?? '',
      work: () => lasting(20),
    });
    let refusal: unknown;
    await underLoad([couple], LOAD, async () => {
      await until('requests are answered', () => couple.answered > 20);
      await second.service.startup().catch((error: unknown) => {
        refusal = error;
      });
      const answered = couple.answered;
      await until('requests are answered with both', () => couple.answered > answered + 50);
    });
    const shared = protocol.name === 'AMQP';
    const services = [couple, second].map(({ service, transports }) => ({
      service,
      state: transports.service.state,
    }));
    const ended = services.filter(({ state }) => state.kind === 'closed');
    // Mostly the first. But the broker's word to it can get lost with the connection: then it is back before the second is up.
    expect(ended).toHaveLength(shared ? 0 : 1);
    for (const { service, state } of ended) {
      expect(state).toMatchObject({ kind: 'closed', error: { code: 'SESSION_TAKEN_OVER' } });
      expect(service.consideredUnrecoverable()).toBe(true);
    }
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'SESSION_TAKEN_OVER' });
    expect(services.filter(({ service }) => service.isConnected())).toHaveLength(shared ? 2 : 1);
    await couple.end();
    await second.service.shutdown();
    await removeServiceQueues(rabbitmq, couple.service.address);
    expect(await leftSince(before)).toEqual(NOTHING);
    expect(couple.codes).toEqual({});
    expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
    record({
      fault: 'two services under one address',
      role: 'service',
      protocol: protocol.name,
      promise: shared
        ? 'they share the requests; each is answered once'
        : 'one ends with SESSION_TAKEN_OVER and is unrecoverable, they do not fight; each request is answered once',
      counted: [
        `${couple.asked} requests, ${couple.answered} answered; ${couple.executed} executed by the first,`,
        `${second.executed} by the second`,
      ].join(' '),
    });
  });

  test.each(protocols)('two clients with one client id on $name', async (protocol) => {
    const before = handles();
    const access = { url: protocol.urlOf(rabbitmq), username, password };
    const session = {
      id: `fault-twins-${process.pid}-${protocol.name}`,
      keepForMs: 60_000,
      keepAfterClose: false,
    };
    const [first, second] = [protocol.transport(access), protocol.transport(access)];
    let changes = 0;
    for (const transport of [first, second]) {
      transport.onEvent(({ kind }) => {
        if (kind === 'state') changes++;
      });
    }
    await first.connect({ session });
    await second.connect({ session });
    const taken = protocol.name === 'MQTT';
    if (taken) expect((await first.closed)?.code).toBe('SESSION_TAKEN_OVER');
    await lasting(1_500);
    expect([first.state.kind, second.state.kind]).toEqual([taken ? 'closed' : 'open', 'open']);
    const changed = changes;
    expect(changed).toBe(taken ? 5 : 4);
    await first.close();
    await second.close();
    expect(await leftSince(before)).toEqual(NOTHING);
    record({
      fault: 'two clients with one client id',
      role: 'client',
      protocol: protocol.name,
      promise: taken
        ? 'the first ends with SESSION_TAKEN_OVER, they do not fight'
        : 'AMQP has no such ids: both go on',
      counted: `${changed} changes of state of both together, none in the 1.5 s after`,
    });
  });
});
