import { listQueues } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import type { MqttOptions } from '../../src/index.js';
import { message, type OpenLink, openLink, Wanted } from '../support/links.js';

const DURABLE = { durable: true };
/** Longer than any broker's limit of unacknowledged messages (RabbitMQ 10, mosquitto 20). */
const MANY = 60;

const newName = (): string => `test-${crypto.randomUUID()}`;

async function connected(
  options: MqttOptions,
  session: Parameters<typeof openLink>[1] = {},
): Promise<OpenLink> {
  const open = await openLink(options, { id: newName(), ...session });
  open.link.ready?.();
  return open;
}

/** What holds for sessions on every broker. */
function sessionTests(options: MqttOptions): void {
  test('handlers that wait for an answer get it, however many requests wait for a handler', async () => {
    const base = newName();
    await using service = await connected(options);
    await using other = await connected(options);
    const answered = new Map<string, () => void>();
    const answers = new Wanted(`${base}/answers`, {
      handle: async ({ headers }) => {
        answered.get(headers.id ?? '')?.();
        return true;
      },
    });
    const ask = async (id: string): Promise<void> => {
      const answer = new Promise<void>((resolve) => answered.set(id, resolve));
      await service.link.publish(message(`${base}/questions`, 'x', { id }), DURABLE);
      await answer;
    };
    const requests = new Wanted(`${base}/requests`, {
      retention: 'durable',
      concurrency: 16,
      handle: async ({ headers }) => {
        await ask(headers.id ?? '');
        return true;
      },
    });
    const questions = new Wanted(`${base}/questions`, {
      concurrency: MANY,
      handle: async ({ headers }) => {
        await other.link.publish(message(`${base}/answers`, 'x', { ...headers }), DURABLE);
        return true;
      },
    });
    await Promise.all([
      service.link.subscribe(answers),
      service.link.subscribe(requests),
      other.link.subscribe(questions),
    ]);
    const ids = Array.from({ length: MANY }, (_, index) => String(index));
    await Promise.all(ids.map((id) => other.link.publish(message(`${base}/requests`, 'x', { id }), DURABLE)));
    await answers.until(MANY);
    expect(new Set(answers.taken.map(({ message: { headers } }) => headers.id))).toEqual(new Set(ids));
  });

  test('a handler of an event that takes its time holds up no other event', async () => {
    const base = newName();
    await using open = await connected(options);
    const stuck = new Wanted(`${base}/stuck`, { retention: 'none', handle: () => new Promise(() => {}) });
    const free = new Wanted(`${base}/free`, { retention: 'none' });
    for (const wanted of [stuck, free]) await open.link.subscribe(wanted);
    for (let n = 0; n < MANY; n++) await open.link.publish(message(`${base}/stuck`), DURABLE);
    await open.link.publish(message(`${base}/free`), DURABLE);
    await free.until(1);
    expect(stuck.taken).toHaveLength(1);
  });

  test('what was not handled before a crash comes again, marked so; what was handled does not', async () => {
    const session = { id: newName(), keepForMs: 60_000, keepAfterClose: true };
    const base = newName();
    const texts = Array.from({ length: 5 }, (_, index) => String(index));
    {
      await using before = await connected(options, session);
      const wanted = new Wanted(`${base}/requests`, {
        retention: 'durable',
        concurrency: 5,
        handle: async ({ payload }) => new TextDecoder().decode(payload) < '2',
      });
      await before.link.subscribe(wanted);
      for (const text of texts) await before.link.publish(message(`${base}/requests`, text), DURABLE);
      await wanted.until(5);
      // On the same connection: by its confirmation the acknowledgements have arrived.
      await before.link.subscribe(new Wanted(wanted.channel, { retention: 'durable' }));
    }
    await using after = await connected(options, { ...session, keepAfterClose: false });
    const wanted = new Wanted(`${base}/requests`, { retention: 'durable' });
    await after.link.subscribe(wanted);
    await after.link.publish(message(`${base}/requests`, 'new'), DURABLE);
    await wanted.until(4);
    expect(wanted.texts).toEqual(['2', '3', '4', 'new']);
    expect(wanted.taken.map(({ info }) => info.redelivered)).toEqual([true, true, true, false]);
    await after.link.close();
  });

  test('a durable subscription goes on collecting after it was left', async () => {
    const base = newName();
    await using open = await connected(options);
    await using sender = await connected(options);
    const first = new Wanted(`${base}/a`, { retention: 'durable' });
    const other = new Wanted(`${base}/b`, { retention: 'durable' });
    for (const wanted of [first, other]) await open.link.subscribe(wanted);
    await open.link.unsubscribe(first);
    for (const end of ['a', 'b']) await sender.link.publish(message(`${base}/${end}`), DURABLE);
    await other.until(1);
    expect(first.taken).toEqual([]);
    const again = new Wanted(`${base}/a`, { retention: 'durable' });
    await open.link.subscribe(again);
    await again.until(1);
    await open.link.close();
  });

  test('the one that connects with the same session ends the other', async () => {
    const id = newName();
    await using first = await connected(options, { id });
    await using _ = await connected(options, { id });
    expect(await first.lost).toMatchObject({ code: 'SESSION_TAKEN_OVER', retryable: false });
  });

  test.each(['session', 'durable'] as const)(
    'order holds across a connection that is lost before the broker notices, retention %s',
    async (retention) => {
      const session = { id: newName() };
      // Less than there is, so that the first connection holds the first ones and the rest waits at the broker.
      const few = { ...options, receiveMaximum: 10 };
      const channel = `${session.id}/numbers`;
      const texts = Array.from({ length: MANY }, (_, index) => String(index));
      await using proxy = await FaultProxy.to(options.url as string);
      await using sender = await connected(options);
      await using before = await connected({ ...few, url: proxy.url }, session);
      const unfinished = new Wanted(channel, { retention, handle: () => new Promise(() => {}) });
      await before.link.subscribe(unfinished);
      for (const text of texts) await sender.link.publish(message(channel, text), DURABLE);
      await unfinished.until(1);
      proxy.stall();
      await using after = await connected(few, session);
      const wanted = new Wanted(channel, { retention });
      await after.link.subscribe(wanted);
      await wanted.until(MANY);
      expect(wanted.texts).toEqual(texts);
      await after.link.close();
    },
  );

  test('refused credentials are told with host and port, without the credentials', async () => {
    const refused = connected({ ...options, password: 'not-the-password' });
    await expect(refused).rejects.toMatchObject({
      code: 'AUTH_REFUSED',
      retryable: false,
      message: expect.stringMatching(/^(?!.*not-the-password).*127\.0\.0\.1:\d+/),
    });
  });

  test('after unsubscribing, and after an orderly end, nothing is routed there any more', async () => {
    const base = newName();
    await using sender = await connected(options);
    for (const retention of ['session', 'none'] as const) {
      const wanted = new Wanted(`${base}/${retention}`, { retention });
      await using open = await connected(options);
      await open.link.subscribe(wanted);
      expect(await sender.link.publish(message(wanted.channel), DURABLE)).toEqual({ routed: 'yes' });
      await open.link.unsubscribe(wanted);
      expect(await sender.link.publish(message(wanted.channel), DURABLE)).toEqual({ routed: 'no' });
      await open.link.subscribe(wanted);
      expect(await sender.link.publish(message(wanted.channel), DURABLE)).toEqual({ routed: 'yes' });
      await open.link.close();
      expect(await sender.link.publish(message(wanted.channel), DURABLE)).toEqual({ routed: 'no' });
    }
  });
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { mqttUrl: url, username, password } = rabbitmq;
  const options = { url, username, password };
  sessionTests(options);

  test('an orderly end leaves no queue behind, an interrupted one only what must be kept', async () => {
    const id = newName();
    const queues = async (): Promise<string[]> =>
      (await listQueues(rabbitmq)).map(({ name }) => name).filter((name) => name.includes(id));
    const all = ['session', 'none', 'durable'].map(
      (retention) => new Wanted(`${id}/a`, { retention: retention as 'none' }),
    );

    await using first = await connected(options, { id });
    for (const wanted of all) await first.link.subscribe(wanted);
    await first.link.publish(message(`${id}/a`), DURABLE);
    await first.link.publish(message(`${id}/a`), { durable: false });
    expect(await queues()).toHaveLength(3);
    first.link.destroy();
    await expect.poll(queues).toHaveLength(2);
    expect(await queues()).not.toContainEqual(expect.stringContaining('live'));

    await using second = await connected(options, { id });
    for (const wanted of all) await second.link.subscribe(wanted);
    await second.link.close();
    await expect.poll(queues).toEqual([]);
  });
});

describeWithBroker('mosquitto', ({ mqttUrl: url, username, password }) => {
  sessionTests({ url, username, password });

  test('what it would end the connection for is refused before', async () => {
    await using open = await connected({ url, username, password });
    const poisoned = open.link.publish(message('a', 'x', { header: 'line 1\nline 2' }), DURABLE);
    await expect(poisoned).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    await open.link.publish(message('a'), DURABLE);
  });
});
