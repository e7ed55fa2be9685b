// What a service promises where only a real broker can keep it.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { RequestError } from '@intersect-sdk/core';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { describe, expect, test } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';
import { removeServiceQueues } from './support/queues.js';

const MANY = 60;
const numbers = Array.from({ length: MANY }, (_, index) => index);
const MAX_FURTHER_HEADER_BYTES = 32_768;
/** More than an MQTT session takes without an acknowledgement, and than a service holds by default. */
const MORE_THAN_A_WINDOW = 150;

const Steps = defineCapability({
  name: 'Steps',
  // Some of them last as long as their service.
  concurrency: 32,
  operations: {
    twice: { request: Type.Integer({ title: 'number' }), response: Type.Integer() },
    text: { request: Type.Integer({ title: 'length' }), response: Type.String() },
    endless: { description: 'Ends with the service.', response: Type.Null() },
    through: {
      description: 'Asks the last address to do the rest; there, the number is doubled.',
      request: Type.Object({ number: Type.Integer(), addresses: Type.Array(Type.String()) }),
      response: Type.Integer(),
    },
    echo_headers: { description: 'Puts the headers of the request on an event and on the answer.' },
  },
  events: { echoed: { schema: Type.Null() } },
});

function makeService(transport: Transport, name = `steps-${randomUUID()}`): IntersectService {
  const steps = Steps.implement({
    twice: (number) => number * 2,
    text: (length) => 'x'.repeat(length),
    endless: (_nothing, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true })),
    through: async ({ number, addresses }, { call }) => {
      const [destination, ...rest] = addresses;
      if (destination === undefined) return number * 2;
      const payload = { number, addresses: rest };
      const answer = await call({ destination, operation: 'Steps.through', payload });
      return answer.payload as number;
    },
    echo_headers: async (_nothing, { furtherHeaders, setAnswerHeaders, emit }) => {
      setAnswerHeaders(furtherHeaders);
      await emit('echoed', null, { headers: furtherHeaders });
    },
  });
  return new IntersectService([steps], {
    hierarchy: { organization: 'e2e-org', facility: 'e2e-fac', system: 'e2e-sys', service: name },
    brokers: [transport],
    concurrency: 4,
    keepRequestsMs: 60_000,
  });
}

describeWithEachBroker(({ title, transport, cleanUp }) => {
  describe(title, () => {
    const makeClient = () => new IntersectClient({ brokers: [transport()] });

    test('requests sent while the service is down are served when it returns', async () => {
      await using client = makeClient();
      await client.startup();
      const name = `steps-${randomUUID()}`;
      const before = await makeService(transport(), name).startup();
      await before.shutdown();
      const accepted: number[] = [];
      const asking = numbers.map((payload) =>
        client.request(
          { destination: before.address, operation: 'Steps.twice', payload },
          { onAccepted: () => accepted.push(payload) },
        ),
      );
      const answers = Promise.all(asking);
      await expect.poll(() => accepted.length).toBe(MANY);
      await using after = await makeService(transport(), name).startup();
      expect(await answers).toEqual(numbers.map((number) => number * 2));
      expect(after.health().requests).toMatchObject({ answered: MANY, refused: 0, repeated: 0 });
      await after.shutdown();
      await cleanUp(after.address);
    });

    test('services whose handlers ask each other at the same time do not lock each other', async () => {
      await using client = makeClient();
      await client.startup();
      await using left = await makeService(transport()).startup();
      await using right = await makeService(transport()).startup();
      const ask = (first: IntersectService, then: IntersectService, number: number) =>
        client.request({
          destination: first.address,
          operation: 'Steps.through',
          payload: { number, addresses: [then.address] },
        });
      const answers = numbers.flatMap((number) => [ask(left, right, number), ask(right, left, number)]);
      expect(await Promise.all(answers)).toEqual(numbers.flatMap((number) => [number * 2, number * 2]));
      await Promise.all([left.shutdown(), right.shutdown()]);
      await Promise.all([cleanUp(left.address), cleanUp(right.address)]);
    });

    test('a request that goes through another service back to the first does not lock them', async () => {
      await using client = makeClient();
      await client.startup();
      await using left = await makeService(transport()).startup();
      await using right = await makeService(transport()).startup();
      const addresses = [right.address, left.address, right.address];
      const answers = numbers.map((number) =>
        client.request({
          destination: left.address,
          operation: 'Steps.through',
          payload: { number, addresses },
        }),
      );
      expect(await Promise.all(answers)).toEqual(numbers.map((number) => number * 2));
      await Promise.all([left.shutdown(), right.shutdown()]);
      await Promise.all([cleanUp(left.address), cleanUp(right.address)]);
    });

    test('headers beyond those of the protocol go both ways, as many as are taken', async () => {
      await using client = makeClient();
      await client.startup();
      await using service = await makeService(transport()).startup();
      const selector = { hierarchy: service.address, capabilityName: 'Steps', eventName: 'echoed' };
      await using events = client.events(selector);
      await events.ready;
      const headers: Record<string, string> = {
        traceparent: '00-0af7-b7ad-01',
        'X-Sample.Id_1': 'Zoë €😀',
        empty: '',
      };
      const used = Buffer.byteLength(Object.entries(headers).flat().join(''));
      headers.long = 'x'.repeat(MAX_FURTHER_HEADER_BYTES - used - 'long'.length);
      const request = { destination: service.address, operation: 'Steps.echo_headers' };
      expect((await client.requestWithDetails(request, { headers })).furtherHeaders).toEqual(headers);
      expect((await events.next()).value.furtherHeaders).toEqual(headers);
      await service.shutdown();
      await cleanUp(service.address);
    });

    test('requests that take long hold nobody else up', async () => {
      await using client = makeClient();
      await client.startup();
      await using service = await makeService(transport()).startup();
      const destination = service.address;
      const leave = new AbortController();
      const endless = Promise.allSettled(
        [1, 2].map(() =>
          client.request({ destination, operation: 'Steps.endless' }, { signal: leave.signal }),
        ),
      );
      const many = Array.from({ length: MORE_THAN_A_WINDOW }, (_, index) => index);
      const answers = many.map((payload) =>
        client.request({ destination, operation: 'Steps.twice', payload }),
      );
      expect(await Promise.all(answers)).toEqual(many.map((number) => number * 2));
      expect(service.health().requests).toMatchObject({ answered: MORE_THAN_A_WINDOW, running: 2 });
      leave.abort();
      await endless;
      await service.shutdown();
      await cleanUp(destination);
    });

    test('handlers that wait for answers, more than are delivered at once, still get them', async () => {
      await using client = makeClient();
      await client.startup();
      await using left = await makeService(transport()).startup();
      await using right = await makeService(transport()).startup();
      const nested = Array.from({ length: MORE_THAN_A_WINDOW }, (_, index) => index);
      const answers = nested.map((number) =>
        client.request({
          destination: left.address,
          operation: 'Steps.through',
          payload: { number, addresses: [right.address] },
        }),
      );
      expect(await Promise.all(answers)).toEqual(nested.map((number) => number * 2));
      await Promise.all([left.shutdown(), right.shutdown()]);
      await Promise.all([cleanUp(left.address), cleanUp(right.address)]);
    });
  });
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl: url } = rabbitmq;
  const amqp = () => amqpTransport({ url, username, password });

  test('an answer too large for RabbitMQ over AMQP is told as an error, and the connection lives', async () => {
    const states: string[] = [];
    const transport = amqp();
    await using service = await makeService(transport).startup();
    transport.onEvent((event) => event.kind === 'state' && states.push(event.state.kind));
    await using client = new IntersectClient({ brokers: [amqp()] });
    await client.startup();
    const ask = (length: number) =>
      client.request({ destination: service.address, operation: 'Steps.text', payload: length });
    const error = await ask(17 * 2 ** 20).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).code).toBe('REMOTE_ERROR');
    expect((error as RequestError).message).toMatch(/larger than the message broker accepts/);
    expect(await ask(1_000)).toBe('x'.repeat(1_000));
    expect(states).toEqual([]);
    await service.shutdown();
    await removeServiceQueues(rabbitmq, service.address);
  });
});
