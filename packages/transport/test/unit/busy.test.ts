// A broker that can't do something for now is waited for; one that forbids it is not.
import { PublishError, TransportError } from '@intersect-sdk/core';
import { describe, expect, it, vi } from 'vitest';
import type { TransportEvent } from '../../src/index.js';
import { lost, message, setUp, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

const busy = new TransportError(
  'BROKER_BUSY',
  'A queue is full. It may have taken the message all the same.',
);
/** Longer than any wait between two tries. */
const NEXT_TRY_MS = 2_000;

describe('a publish that the broker cannot take for now', () => {
  it.each([true, false])('is sent again, the same message (durable: %s)', async (durable) => {
    const { driver, transport } = setUp();
    await transport.connect();
    const sent = message();
    const told: unknown[] = [];
    const publishing = transport.publish(sent, { durable, onBusy: (...args) => told.push(args) });
    driver.link.published[0]?.refuse(busy);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    driver.link.published[1]?.refuse(busy);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    driver.link.published[2]?.confirm();
    await publishing;
    expect(driver.link.published.map((publish) => publish.message)).toEqual([sent, sent, sent]);
    expect(told).toEqual([
      [busy, 2],
      [busy, 3],
    ]);
    await transport.close();
  });

  it('ends with its time, with what the broker said, and how often', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.link.publish = () => Promise.reject(busy);
    const publishing = transport.publish(message(), { timeoutMs: 5_000 });
    publishing.catch(() => {});
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(publishing).rejects.toMatchObject({
      code: 'BROKER_BUSY',
      retryable: true,
      mayHaveRun: true,
      message: expect.stringMatching(
        /may have taken the message all the same\. It was tried \d+ times within 5000 ms/,
      ),
    });
    await transport.close();
  });

  it('waits longer and longer, and never longer than two seconds', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(1);
    const { driver, transport } = setUp();
    await transport.connect();
    const at: number[] = [];
    driver.link.publish = () => {
      at.push(Date.now());
      return Promise.reject(busy);
    };
    const publishing = transport.publish(message(), { timeoutMs: 10_000 });
    publishing.catch(() => {});
    await vi.advanceTimersByTimeAsync(10_000);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
    random.mockRestore();
    await transport.close();
  });

  it('is rejected at once where the caller wants that, and always where the broker forbids it', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const impatient = transport.publish(message(), { whenBusy: 'reject' });
    driver.link.published[0]?.refuse(busy);
    await expect(impatient).rejects.toBe(busy);
    const forbidden = new PublishError('PUBLISH_REFUSED', 'not allowed');
    const publishing = transport.publish(message());
    driver.link.published[1]?.refuse(forbidden);
    await expect(publishing).rejects.toBe(forbidden);
    await transport.close();
  });

  it('is given up when nobody wants it any more, when it is aborted, and when the transport closes', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    let wanted = true;
    const abort = new AbortController();
    const publishes = [
      transport.publish(message(), { stillWanted: () => wanted }),
      transport.publish(message(), { signal: abort.signal }),
      transport.publish(message()),
    ];
    const outcomes = Promise.allSettled(publishes);
    for (const publish of driver.link.published) publish.refuse(busy);
    await ticks();
    wanted = false;
    abort.abort();
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    await transport.close();
    const codes = (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
    expect(codes).toEqual(['ABORTED', 'ABORTED', 'CLOSED']);
  });

  it('goes to the next link when the link is lost meanwhile, and holds back no other message', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const refused = transport.publish(message('org/full'));
    driver.link.published[0]?.refuse(busy);
    await ticks();
    const other = transport.publish(message('org/other'));
    driver.link.published[1]?.confirm();
    await other;
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    expect(driver.links).toHaveLength(2);
    driver.link.published.at(-1)?.confirm();
    await refused;
    await transport.close();
  });

  it('is waited for by drain', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const publishing = transport.publish(message());
    driver.link.published[0]?.refuse(busy);
    await ticks();
    const drained = transport.drain();
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    driver.link.published[1]?.confirm();
    await Promise.all([publishing, drained]);
    expect(transport.state.kind).toBe('closed');
  });
});

describe('a subscription that the broker cannot make for now', () => {
  it('is asked for again until it is confirmed, and told once', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const events: TransportEvent[] = [];
    transport.onEvent((event) => void events.push(event));
    let refusals = 3;
    driver.link.onSubscribe = () => (refusals-- > 0 ? Promise.reject(busy) : Promise.resolve());
    const subscribing = transport.subscribe('a', () => {});
    await vi.advanceTimersByTimeAsync(3 * NEXT_TRY_MS);
    expect((await subscribing).channel).toBe('a');
    expect(events).toEqual([{ kind: 'subscription-lost', channel: 'a', error: busy }]);
    await transport.close();
  });

  it('keeps neither the connection nor another subscription from being made again', async () => {
    const { driver, transport, states } = setUp();
    await transport.connect();
    await transport.subscribe('away', () => {});
    await transport.subscribe('there', () => {});
    let away = true;
    driver.prepareLink = (link) => {
      link.onSubscribe = ({ channel }) =>
        channel === 'away' && away ? Promise.reject(busy) : Promise.resolve();
    };
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    expect(driver.link.subscribed.map(({ channel }) => channel)).toEqual(['there']);
    away = false;
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    expect(driver.link.subscribed.map(({ channel }) => channel)).toEqual(['there', 'away']);
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    await transport.close();
  });

  it('is no longer asked for once it has ended', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    let asked = 0;
    driver.link.onSubscribe = () => {
      asked++;
      return Promise.reject(busy);
    };
    const abort = new AbortController();
    const subscribing = transport.subscribe('a', () => {}, { signal: abort.signal });
    await ticks();
    abort.abort();
    await expect(subscribing).rejects.toMatchObject({ code: 'ABORTED' });
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    expect(asked).toBe(1);
    await transport.close();
  });
});

describe('a publish whose message is of use for a time', () => {
  it('says each time that it is sent what is left, to the broker and in its header', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const sent = { ...message(), headers: { left: '60000', other: 'x' } };
    const options = { timeoutMs: 120_000, expiresAfterMs: 60_000, timeLeftHeader: 'left' };
    const publishing = transport.publish(sent, options);
    const [first] = driver.link.published;
    expect(first).toMatchObject({ message: sent, expiresAfterMs: 60_000 });
    await vi.advanceTimersByTimeAsync(1_500.5);
    first?.refuse(busy);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    const again = driver.link.published[1];
    expect(again?.expiresAfterMs).toBeLessThanOrEqual(58_499.5);
    expect(again?.expiresAfterMs).toBeGreaterThanOrEqual(56_499.5);
    const left = String(Math.ceil(again?.expiresAfterMs ?? 0));
    expect(again?.message).toEqual({ ...sent, headers: { left, other: 'x' } });
    await vi.advanceTimersByTimeAsync(10_000);
    const before = performance.now();
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(30_000);
    const onNextLink = driver.link.published[0];
    // By which a driver knows it again.
    for (const each of [first, again, onNextLink]) expect(each?.original).toBe(sent);
    const leftThere = Number(onNextLink?.message.headers.left);
    expect(leftThere).toBe(Math.ceil(onNextLink?.expiresAfterMs ?? 0));
    expect(leftThere).toBeLessThan(60_000 - before);
    onNextLink?.confirm();
    await publishing;
    await transport.close();
  });

  it('without such a header stays as it is, and without an end has none', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const sent = message();
    const publishing = [transport.publish(sent, { expiresAfterMs: 5_000 }), transport.publish(sent)];
    for (const { refuse } of [...driver.link.published]) refuse(busy);
    await vi.advanceTimersByTimeAsync(NEXT_TRY_MS);
    const again = driver.link.published.slice(2);
    expect(again.map((publish) => publish.message === sent)).toEqual([true, true]);
    const times = again.map(({ expiresAfterMs }) => expiresAfterMs);
    expect(times).toContain(undefined);
    expect(times.find((ms) => ms !== undefined)).toBeLessThan(5_000);
    for (const { confirm } of again) confirm();
    await Promise.all(publishing);
    await transport.close();
  });
});
