// Answers whose items come one by one, on a broker in memory.
import { newId } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import { ADDRESS, Scanner, startScanning } from '../support/scanning.js';

const ask = (operation: string, payload?: unknown) => ({
  destination: ADDRESS,
  operation: `Scanner.${operation}`,
  payload,
});

describe('a stream', () => {
  test('gives the items one by one, in order, each once', async () => {
    await using scanning = await startScanning();
    const points: unknown[] = [];
    for await (const point of scanning.client.stream(ask('scan', 1000))) points.push(point);
    expect(points).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n, kelvin: n / 2 })));
    expect(scanning.reports).toEqual([]);
    // Many of one turn travel together.
    expect(scanning.parts().filter((kind) => kind === 'items').length).toBeLessThan(500);
  });

  test('is typed, and read as a list, at a door', async () => {
    await using scanning = await startScanning();
    const lab = scanning.client.capability(Scanner, ADDRESS);
    const first: { n: number; kelvin: number }[] = [];
    for await (const point of lab.scan(3)) first.push(point);
    expect(first.map(({ n }) => n)).toEqual([0, 1, 2]);
    expect(await lab.scan(2).toArray()).toEqual([
      { n: 0, kelvin: 0 },
      { n: 1, kelvin: 0.5 },
    ]);
    expect(await lab.$call('scan', 2)).toHaveLength(2);
    const { payload } = await lab.$details.scan(1);
    expect(payload[0]?.kelvin).toBe(0);
    expect(scanning.reports).toEqual([]);
  });

  test('that nobody asked for is one answer, and no part goes with it', async () => {
    await using scanning = await startScanning();
    expect(await scanning.client.request(ask('scan', 70))).toHaveLength(70);
    expect(await scanning.client.request(ask('scan', 0))).toEqual([]);
    expect(scanning.parts()).toEqual([]);
    expect(scanning.messages.filter(({ channel }) => channel.endsWith('response'))).toHaveLength(2);
  });

  test('of an operation that has none is its list, and of another answer an error', async () => {
    await using scanning = await startScanning();
    await expect(scanning.client.stream(ask('quick')).next()).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
    });
    const empty = scanning.client.stream(ask('scan', 0));
    expect(await empty.next()).toEqual({ value: undefined, done: true });
    expect(await empty.next()).toEqual({ value: undefined, done: true });
  });

  test('sends nothing before it is read', async () => {
    await using scanning = await startScanning();
    const stream = scanning.client.stream(ask('scan', 1));
    await stream.return();
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(await scanning.client.request(ask('quick'))).toBe('quick');
    expect(scanning.messages.filter(({ channel }) => channel.endsWith('request'))).toHaveLength(1);
  });

  test('is bounded by its reader', async () => {
    await using scanning = await startScanning();
    const { log } = scanning;
    const stream = scanning.client.stream(ask('count'));
    expect(await stream.next()).toEqual({ value: 0, done: false });
    await vi.waitUntil(() => log.given === 64, { timeout: 60_000 });
    // The service has had every occasion to go on.
    expect((await scanning.client.ping(ADDRESS)).state).toBe('up');
    expect(log.given).toBe(64);
    for (let n = 1; n < 32; n++) expect(await stream.next()).toEqual({ value: n, done: false });
    await vi.waitUntil(() => log.given === 96, { timeout: 60_000 });
    expect(scanning.controls()).toEqual(['credit']);
    await stream.return();
    await log.has('count ended');
    await vi.waitUntil(() => scanning.reports.length > 0, { timeout: 60_000 });
    expect(scanning.reports).toMatchObject([{ kind: 'request-refused', reason: 'cancelled' }]);
  });

  test('that is left is cancelled, and the generator ended', async () => {
    await using scanning = await startScanning();
    const lab = scanning.client.capability(Scanner, ADDRESS);
    for await (const number of lab.count()) if (number === 200) break;
    await scanning.log.has('count ended');
    expect(scanning.controls().at(-1)).toBe('cancel');
  });

  test('ends an iterator that waits for what never comes', async () => {
    await using scanning = await startScanning();
    const lab = scanning.client.capability(Scanner, ADDRESS);
    for await (const number of lab.stall()) {
      expect(number).toBe(1);
      break;
    }
    await scanning.log.has('stall ended');
  });

  test('ends with the service, which says so', async () => {
    await using scanning = await startScanning();
    const stream = scanning.client.stream(ask('count'));
    await stream.next();
    await scanning.service.shutdown();
    await expect(stream.toArray()).rejects.toThrow('is stopping');
    expect(scanning.log.lines).toEqual(['count ended']);
  });

  test('gives what came before an error, and then the error', async () => {
    await using scanning = await startScanning();
    const stream = scanning.client.stream(ask('break_after', 70));
    for (let n = 0; n < 70; n++) expect(await stream.next()).toEqual({ value: n, done: false });
    await expect(stream.next()).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
      message: 'the stage is stuck',
    });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('of items that do not fit ends with an error for the caller and the reason for the owner', async () => {
    await using scanning = await startScanning();
    const read: unknown[] = [];
    const reading = async (): Promise<void> => {
      for await (const item of scanning.client.stream(ask('spoil'))) read.push(item);
    };
    await expect(reading()).rejects.toThrow('Operation Scanner.spoil failed inside the service.');
    expect(read).toEqual([1, 2]);
    expect(scanning.reports).toMatchObject([
      { kind: 'request-refused', reason: 'answer-invalid', code: 'SCHEMA_MISMATCH' },
    ]);
    expect(scanning.reports[0]?.message).not.toContain('three');
    await expect(scanning.client.request(ask('spoil'))).rejects.toThrow('failed inside the service');
  });

  test('checks its argument before anything is sent', async () => {
    await using scanning = await startScanning();
    const lab = scanning.client.capability(Scanner, ADDRESS);
    expect(() => lab.scan('many' as never)).toThrow('does not fit the contract');
    expect(() => scanning.client.stream({ ...ask('scan'), destination: 'nowhere' })).toThrow('destination');
  });

  test('of a service that nobody started ends with what the broker says', async () => {
    await using scanning = await startScanning();
    const stream = scanning.client.stream({ ...ask('count'), destination: 'org.fac.sys.-.nobody' });
    await expect(stream.next()).rejects.toMatchObject({ code: 'UNROUTABLE' });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('ends where another process begins it anew, unless that gives the same', async () => {
    await using scanning = await startScanning();
    const { broker, client, messages } = scanning;
    const read = async (idempotent: boolean): Promise<number> => {
      let items = 0;
      for await (const _ of client.stream(ask('scan', 500), { idempotent })) {
        items += 1;
        if (items !== 10) continue;
        const taken = messages.findLast(({ headers }) => headers['x-intersect-part'] === 'taken');
        const { channel, headers = {} } = taken ?? {};
        // The same message once more is not a second one.
        broker.route({ ...(taken as NonNullable<typeof taken>) });
        const again = { ...taken, channel: `${channel}`, headers: { ...headers, message_id: newId() } };
        broker.route(again as NonNullable<typeof taken>);
      }
      return items;
    };
    expect(await read(true)).toBe(500);
    await expect(read(false)).rejects.toMatchObject({ code: 'REQUEST_SILENT' });
    await vi.waitUntil(() => scanning.controls().includes('cancel'));
  });

  test('asks for what is missing again, and takes nothing twice', async () => {
    await using scanning = await startScanning();
    const { client } = scanning;
    // What a broker loses: the second message of items.
    let lost = 0;
    scanning.loss.of = ({ headers }) => headers['x-intersect-part'] === 'items' && ++lost === 2;
    expect(await client.stream(ask('scan', 500)).toArray()).toHaveLength(500);
    expect(scanning.controls()).toContain('resend');
    expect(scanning.reports).toEqual([]);
  });
});
