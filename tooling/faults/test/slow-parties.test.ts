// Somebody is too slow, or never ends, or has no room left: nobody else may suffer from it.
import { isIntersectError } from '@intersect-sdk/core';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { describe, expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { handles, leftSince, NOTHING } from '../lib/leftovers.js';
import { removeServiceQueues } from '../lib/manage.js';
import { protocols } from '../lib/protocols.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  describe.each(protocols)('$name', (protocol) => {
    const access = { url: protocol.urlOf(rabbitmq), username, password };

    test('a service that is slower than its requests', async () => {
      const before = handles();
      const quick = { ...access, heartbeatS: 1 };
      let running = 0;
      let most = 0;
      const couple = new Couple({
        client: protocol.transport(quick),
        service: protocol.transport(quick),
        serviceConfig: { concurrency: 2, maxInFlight: 8 },
        work: async () => {
          most = Math.max(most, ++running);
          await lasting(15);
          running--;
        },
      });
      await couple.start();
      const requests = 400;
      await Promise.all(Array.from({ length: requests }, () => couple.ask()));
      await couple.end();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(couple.codes).toEqual({});
      expect([couple.answered, couple.wrong, couple.executed, most]).toEqual([requests, 0, requests, 2]);
      for (const role of ['client', 'service'] as const) {
        expect(couple.states[role]).toEqual(['connecting', 'open', 'draining', 'closed']);
      }
      record({
        fault: 'slow consumer: a service that handles 2 requests at once and gets 400',
        role: 'service',
        protocol: protocol.name,
        promise: 'the broker keeps what waits; the connection lives on; each is answered once',
        counted: `${couple.sentence}; at most ${most} handlers at once`,
      });
    });

    test('a reader of events that does not read', async () => {
      const before = handles();
      const couple = new Couple({ client: protocol.transport(access), service: protocol.transport(access) });
      await couple.start();
      const selector = { hierarchy: couple.service.address, capabilityName: 'Echo', eventName: 'tick' };
      const events = 300;
      const bufferSize = 20;
      const stream = couple.client.events(selector, { bufferSize });
      await stream.ready;
      for (let sent = 0; sent < events; sent++) couple.tick();
      await couple.ticksSent();
      await couple.ask();
      const dropped = (): number => couple.reports.get('client: event-dropped') ?? 0;
      await until('all others are dropped', () => dropped() >= events - bufferSize);
      const read: unknown[] = [];
      for (let taken = 0; taken < bufferSize; taken++) read.push((await stream.next()).value?.payload);
      await couple.end();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(dropped()).toBe(events - bufferSize);
      expect(read).toEqual(Array.from({ length: bufferSize }, (_, index) => events - bufferSize + index));
      expect(couple.answered).toBe(1);
      record({
        fault: 'slow consumer: a reader that does not read its events',
        role: 'client',
        protocol: protocol.name,
        promise: 'the buffer is bounded; each event is read in order or reported as dropped; requests go on',
        counted: `${events} events: ${read.length} read in order, ${dropped()} reported as dropped`,
      });
    });

    test('a handler that never returns', async () => {
      const before = handles();
      const stuck = new Couple({
        client: protocol.transport(access),
        service: protocol.transport(access),
        serviceConfig: { concurrency: 2, shutdownTimeoutMs: 500 },
        work: (number) => (number === 0 ? new Promise<never>(() => {}) : undefined),
      });
      await stuck.start();
      const asked = stuck.ask({ timeoutMs: 500 });
      await Promise.all(Array.from({ length: 50 }, () => stuck.ask()));
      await asked;
      const started = performance.now();
      await stuck.service.shutdown();
      const shutdownMs = Math.round(performance.now() - started);
      const healthy = new Couple({
        client: protocol.transport(access),
        service: protocol.transport(access),
        serviceName: stuck.service.address.split('.').at(-1) ?? '',
      });
      await healthy.start();
      // Behind the one that was not answered, if that is still there.
      await healthy.ask();
      await healthy.end();
      await stuck.end();
      await removeServiceQueues(rabbitmq, stuck.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(stuck.codes).toEqual({ REQUEST_TIMEOUT: 1 });
      expect([stuck.answered, stuck.late]).toEqual([50, 0]);
      expect([...healthy.executions]).toEqual([[0, 1]]);
      expect(shutdownMs).toBeLessThan(4_000);
      record({
        fault: 'a handler that never returns',
        role: 'service',
        protocol: protocol.name,
        promise:
          'the others are answered; its caller gets REQUEST_TIMEOUT in time; shutdown ends within its limit; ' +
          'the next start does not run what nobody waits for any more',
        counted: `${stuck.sentence}; shutdown after ${shutdownMs} ms; the next was asked once and executed ${healthy.executed}`,
      });
    });

    test('a full outbox of a client', async () => {
      const before = handles();
      const proxy = await FaultProxy.to(access.url);
      const maxPendingMessages = 10;
      const couple = new Couple({
        client: protocol.transport({ ...access, url: proxy.url, maxPendingMessages }),
        service: protocol.transport(access),
      });
      await couple.start();
      proxy.refuse(true);
      proxy.cut();
      await stateIs(couple.transports.client, 'reconnecting');
      const asked = Array.from({ length: 50 }, () => couple.ask());
      const refused = 50 - maxPendingMessages;
      await until('the others are refused', () => couple.errors.length >= refused);
      proxy.refuse(false);
      await Promise.all(asked);
      await couple.end();
      await proxy[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(couple.codes).toEqual({ PENDING_FULL: refused });
      expect(couple.errors.every((error) => isIntersectError(error) && error.retryable)).toBe(true);
      expect([couple.answered, couple.executed]).toEqual([maxPendingMessages, maxPendingMessages]);
      record({
        fault: 'full outbox while the link is cut',
        role: 'client',
        protocol: protocol.name,
        promise: 'what has no room is refused at once with PENDING_FULL, the rest is answered after',
        counted: couple.sentence,
      });
    });

    test('a full outbox of a service', async () => {
      const before = handles();
      // No more than RabbitMQ's own default hands out at once over MQTT.
      const requests = 8;
      const proxy = await FaultProxy.to(access.url);
      let go!: () => void;
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      const couple = new Couple({
        client: protocol.transport(access),
        service: protocol.transport({ ...access, url: proxy.url, maxPendingMessages: 2 }),
        work: () => gate,
      });
      await couple.start();
      const asked = Array.from({ length: requests }, () => couple.ask());
      await until('all are at work', () => couple.executed === requests);
      proxy.refuse(true);
      proxy.cut();
      await stateIs(couple.transports.service, 'reconnecting');
      go();
      await lasting(500);
      expect(couple.answered).toBe(0);
      proxy.refuse(false);
      await Promise.all(asked);
      await couple.end();
      await proxy[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, couple.service.address);
      expect(await leftSince(before)).toEqual(NOTHING);
      expect(couple.codes).toEqual({});
      expect([couple.answered, couple.wrong, couple.executed]).toEqual([requests, 0, requests]);
      record({
        fault: 'full outbox while the link is cut',
        role: 'service',
        protocol: protocol.name,
        promise: 'answers that have no room are tried again until a broker has them; handlers run once',
        counted: couple.sentence,
      });
    });
  });
});
