// One stream whose request a broker has given to more than one process, on a broker in memory.
import { newId, type WireMessage } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import { ADDRESS, type Scanning, startScanning } from '../support/scanning.js';

const INSTANCE = 'x-intersect-instance';
const PART = 'x-intersect-part';
const SEQ = 'x-intersect-seq';
const scan = { destination: ADDRESS, operation: 'Scanner.scan', payload: 500 };

/** The same message as another instance of the service would send it. */
function ofSibling(message: WireMessage, change: Partial<WireMessage> = {}): WireMessage {
  const headers = { ...message.headers, ...change.headers, [INSTANCE]: 'sibling', message_id: newId() };
  return { ...message, ...change, headers };
}

const isItems = ({ headers }: WireMessage): boolean => headers[PART] === 'items';

/** Before each message of these a sibling sends what is made of it. */
function precede(scanning: Scanning, which: (message: WireMessage) => boolean, make: typeof ofSibling): void {
  scanning.loss.of = (message) => {
    if (which(message) && message.headers[INSTANCE] === undefined) scanning.broker.route(make(message));
    return false;
  };
}

describe('a stream that two processes give', () => {
  test('goes on where it was read, if it is idempotent: the second one is told how far that is', async () => {
    await using scanning = await startScanning();
    const { broker, client, messages } = scanning;
    let read = 0;
    for await (const _ of client.stream(scan, { idempotent: true })) {
      read += 1;
      if (read !== 10) continue;
      const taken = messages.find(({ headers }) => headers[PART] === 'taken') as WireMessage;
      broker.route(ofSibling(taken));
      await vi.waitUntil(() => scanning.controls().length > 0);
      const credit = messages.find(({ headers }) => headers['x-intersect-control'] === 'credit');
      expect(credit?.headers[SEQ]).toBe('10');
    }
    expect(read).toBe(500);
  });

  test('has items of the first one alone, if it is not', async () => {
    await using scanning = await startScanning();
    let count = 0;
    precede(
      scanning,
      (message) => isItems(message) && ++count > 1,
      (message) => ofSibling(message, { payload: Buffer.from(JSON.stringify(Array(64).fill({ n: -1 }))) }),
    );
    const points = (await scanning.client.stream(scan).toArray()) as { n: number }[];
    expect(points.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(count).toBeGreaterThan(1);
    expect(scanning.reports).toEqual([]);
  });

  test('ends with the answer of the first one alone, if it is not', async () => {
    await using scanning = await startScanning();
    let count = 0;
    scanning.loss.of = (message) => {
      if (!isItems(message) || ++count !== 2) return false;
      const { [PART]: _, ...headers } = ofSibling(message).headers;
      scanning.broker.route({
        ...message,
        payload: Buffer.from('[]'),
        headers: { ...headers, [SEQ]: '3' },
      });
      return false;
    };
    expect(await scanning.client.stream(scan).toArray()).toHaveLength(500);
    expect(count).toBeGreaterThan(1);
  });

  test('ends when the one that is read gives no sign of life, whatever the other one gives', async () => {
    await using scanning = await startScanning();
    const { broker, client, messages } = scanning;
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    const stream = client.stream({ destination: ADDRESS, operation: 'Scanner.stall' });
    expect(await stream.next()).toMatchObject({ done: false });
    const ended = expect(stream.next()).rejects.toMatchObject({ code: 'REQUEST_SILENT' });
    const taken = messages.find(({ headers }) => headers[PART] === 'taken') as WireMessage;
    scanning.loss.of = ({ headers }) => headers[PART] === 'alive' && headers[INSTANCE] === undefined;
    for (let seconds = 0; seconds < 65; seconds += 5) {
      broker.route(ofSibling(taken, { headers: { [PART]: 'alive' } }));
      await vi.advanceTimersByTimeAsync(5_000);
    }
    await ended;
    vi.useRealTimers();
  });
});
