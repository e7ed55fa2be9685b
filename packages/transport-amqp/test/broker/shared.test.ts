// Several transports on one connection: what one does is not seen by the others, and the connection ends with the last.
import { randomUUID } from 'node:crypto';
import { listConnections, listQueues } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { shareTransport, type Transport } from '@intersect-sdk/transport';
import { expect, test } from 'vitest';
import { amqpTransport } from '../../src/index.js';
import { freshChannel, message, optionsFor, textOf } from '../support/links.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const countOf = async (name: string): Promise<number> =>
    (await listConnections(rabbitmq)).filter(({ clientName }) => clientName === name).length;

  function sharing(options = {}): { readonly name: string; fresh(): Transport } {
    const name = `shared ${randomUUID()}`;
    const shared = shareTransport(
      amqpTransport({ ...optionsFor(rabbitmq), connectionName: name, ...options }),
    );
    return { name, fresh: () => shared.fresh() };
  }

  async function heard(transport: Transport, channel: string): Promise<string[]> {
    const texts: string[] = [];
    await transport.subscribe(channel, (received) => void texts.push(textOf(received)));
    return texts;
  }

  test('ten that start at once use one connection; it ends with the last', async () => {
    const { name, fresh } = sharing();
    const transports = Array.from({ length: 10 }, fresh);
    await Promise.all(transports.map((transport) => transport.connect()));
    await expect.poll(() => countOf(name), { timeout: 30_000 }).toBe(1);
    const [first, ...rest] = transports as [Transport, ...Transport[]];
    await Promise.all(rest.map((transport) => transport.close()));
    const channel = freshChannel();
    const texts = await heard(first, channel);
    await first.publish(message(channel, 'still there'), { mustRoute: true });
    await expect.poll(() => texts).toEqual(['still there']);
    await first.drain();
    await expect.poll(() => countOf(name), { timeout: 30_000 }).toBe(0);
  });

  test('one that starts after the last has closed makes another connection', async () => {
    const { fresh } = sharing();
    const one = fresh();
    await one.connect();
    await one.close();
    const two = fresh();
    await two.connect();
    const channel = freshChannel();
    const texts = await heard(two, channel);
    await two.publish(message(channel, 'again'), { mustRoute: true });
    await expect.poll(() => texts).toEqual(['again']);
    await two.close();
  });

  test('closing one removes what was its own, takes no message of another, and gives back what it held', async () => {
    const { fresh } = sharing();
    const [leaving, staying] = [fresh(), fresh()];
    const id = `leaving-${randomUUID()}`;
    await leaving.connect({ session: { id, keepForMs: 60_000, keepAfterClose: false } });
    await staying.connect();
    const [own, work] = [freshChannel('response'), freshChannel()];
    await leaving.subscribe(own, () => {}, { retention: 'session' });
    let isHeld = (): void => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const shared = { retention: 'durable', shared: true } as const;
    await leaving.subscribe(
      work,
      () => {
        isHeld();
        return new Promise(() => {});
      },
      shared,
    );
    await staying.publish(message(work, 'x'), { mustRoute: true });
    await held;
    const texts: string[] = [];
    const taken = await staying.subscribe(work, (received) => void texts.push(textOf(received)), shared);
    await leaving.close();
    await expect.poll(() => texts).toEqual(['x']);
    const left = (await listQueues(rabbitmq)).filter(({ name }) => name.includes(id));
    expect(left).toEqual([]);
    await taken.unsubscribe();
    await staying.close();
  });

  test('after a cut all are back, over one connection, with their subscriptions', async () => {
    await using proxy = await FaultProxy.to(rabbitmq.amqpUrl);
    const { url: _url, ...access } = optionsFor(rabbitmq);
    const name = `shared ${randomUUID()}`;
    const shared = shareTransport(
      amqpTransport({ ...access, host: '127.0.0.1', port: proxy.port, connectionName: name }),
    );
    const transports = Array.from({ length: 10 }, () => shared.fresh());
    await Promise.all(transports.map((transport) => transport.connect()));
    const channels = transports.map(() => freshChannel());
    const texts = await Promise.all(
      transports.map((transport, index) => heard(transport, channels[index] as string)),
    );
    // They are back so soon that no look from time to time would see all of them away.
    const lost = transports.map(
      (transport) =>
        new Promise<void>((resolve) => {
          transport.onEvent((event) => {
            if (event.kind === 'state' && event.state.kind === 'reconnecting') resolve();
          });
        }),
    );
    proxy.cut();
    await Promise.all(lost);
    await expect
      .poll(() => transports.every(({ state }) => state.kind === 'open'), { timeout: 30_000 })
      .toBe(true);
    await Promise.all(
      transports.map((transport, index) =>
        transport.publish(message(channels[(index + 1) % 10] as string, `to ${index}`), { mustRoute: true }),
      ),
    );
    await expect.poll(() => texts.flat().length).toBe(10);
    await expect.poll(() => countOf(name), { timeout: 30_000 }).toBe(1);
    await Promise.all(transports.map((transport) => transport.close()));
  });

  test('one that gives up while several connect leaves the attempt to the others', async () => {
    const { fresh } = sharing();
    const [impatient, patient] = [fresh(), fresh()];
    const gone = new AbortController();
    const first = impatient.connect({ signal: gone.signal });
    const second = patient.connect();
    gone.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    await second;
    expect(patient.state.kind).toBe('open');
    await patient.close();
  });

  test('one that is connected already is not shared', async () => {
    const transport = amqpTransport(optionsFor(rabbitmq));
    await transport.connect();
    expect(() => shareTransport(transport)).toThrowError(expect.objectContaining({ code: 'IN_USE' }));
    await transport.close();
  });
});
