// A broker that can't take a message for now: what is under way waits for it, within its own time.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { eventChannel, isIntersectError, requestChannel, responseChannel } from '@intersect-sdk/core';
import { defineCapability, IntersectService, type Report, Type } from '@intersect-sdk/service';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { fullQueue } from './support/full-queue.js';
import { removeServiceQueues } from './support/queues.js';

const Work = defineCapability({
  name: 'Work',
  operations: { quick: { response: Type.String() }, slow: { response: Type.String() } },
  events: { done: { schema: Type.Integer() } },
});

class Signal {
  raise!: () => void;
  readonly raised = new Promise<void>((resolve) => {
    this.raise = resolve;
  });
}

/** A service whose slow answers go out when the test says so, and a client. */
async function startPair(rabbitmq: RabbitmqEndpoints, makeTransport: () => Transport) {
  const [asked, release] = [new Signal(), new Signal()];
  let giveUp!: (report: Report) => void;
  const givenUp = new Promise<Report>((resolve) => {
    giveUp = resolve;
  });
  const work = Work.implement({
    quick: () => 'quick',
    slow: async () => {
      asked.raise();
      await release.raised;
      return 'slow';
    },
  });
  const service = new IntersectService([work], {
    hierarchy: {
      organization: 'e2e-org',
      facility: 'e2e-fac',
      system: 'e2e-sys',
      service: `work-${randomUUID()}`,
    },
    brokers: [makeTransport()],
    shutdownTimeoutMs: 1_000,
    onReport: (report) => report.kind === 'answer-not-sent' && giveUp(report),
  });
  const client = new IntersectClient({ brokers: [makeTransport()] });
  await Promise.all([service.startup(), client.startup()]);
  const ask = (from: IntersectClient, operation: string): Promise<unknown> =>
    from
      .request({ destination: service.address, operation: `Work.${operation}` })
      .catch((error: unknown) => (isIntersectError(error) ? error.code : error));
  const end = async () => {
    await Promise.all([client.shutdown(), service.shutdown()]);
    await removeServiceQueues(rabbitmq, service.address);
  };
  return { service, client, work, ask, asked, release, givenUp, [Symbol.asyncDispose]: end };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  const protocols = [
    { protocol: 'AMQP', makeTransport: () => amqpTransport({ url: amqpUrl, username, password }) },
    { protocol: 'MQTT', makeTransport: () => mqttTransport({ url: mqttUrl, username, password }) },
  ];

  describe.each(protocols)('over $protocol, a queue that is full for a while', ({ makeTransport }) => {
    test('delays an answer, which is sent again until there is room', async () => {
      await using pair = await startPair(rabbitmq, makeTransport);
      await using neighbour = new IntersectClient({ brokers: [makeTransport()] });
      await neighbour.startup();
      const answer = pair.ask(pair.client, 'slow');
      await pair.asked.raised;
      {
        await using _full = await fullQueue(rabbitmq, responseChannel(pair.client.address));
        pair.release.raise();
        // Its answer goes out after the other one, which the broker has refused by then.
        expect(await pair.ask(neighbour, 'quick')).toBe('quick');
      }
      expect(await Promise.race([answer, pair.givenUp])).toBe('slow');
    });

    test('delays an event, which each listener hears once, also the one whose queue has room', async () => {
      await using pair = await startPair(rabbitmq, makeTransport);
      const selector = { hierarchy: pair.service.address, capabilityName: 'Work', eventName: 'done' };
      const heard: number[][] = [];
      const hear = async (client: IntersectClient) => {
        const numbers: number[] = [];
        heard.push(numbers);
        const stream = client.events(selector);
        await stream.ready;
        void (async () => {
          for await (const { payload } of stream) numbers.push(payload as number);
        })();
      };
      await hear(pair.client);
      let emitting: Promise<void>;
      {
        await using _full = await fullQueue(rabbitmq, eventChannel(pair.service.address, 'Work', 'done'));
        await using other = new IntersectClient({ brokers: [makeTransport()] });
        await other.startup();
        await hear(other);
        emitting = pair.work.emit('done', 1);
        // The one that has room hears it at once, and does not hear what is sent again because of the other.
        await expect.poll(() => heard[1]).toEqual([1]);
        const quick = () => pair.ask(other, 'quick');
        for (let round = 0; round < 10; round++) expect(await quick()).toBe('quick');
        expect(heard).toEqual([[], [1]]);
      }
      await emitting;
      await expect.poll(() => heard[0]).toEqual([1]);
    });

    test('delays a request, which is sent again until there is room', async () => {
      await using pair = await startPair(rabbitmq, makeTransport);
      await using other = await startPair(rabbitmq, makeTransport);
      let answer: Promise<unknown>;
      {
        await using _full = await fullQueue(rabbitmq, requestChannel(pair.service.address));
        answer = pair.ask(pair.client, 'quick');
        // Its request goes out after the other one, which the broker has refused by then.
        expect(await other.ask(pair.client, 'quick')).toBe('quick');
      }
      expect(await answer).toBe('quick');
    });
  });
});
