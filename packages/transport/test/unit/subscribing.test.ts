import { SubscribeError } from '@intersect-sdk/core';
import { describe, expect, it, vi } from 'vitest';
import type { TransportEvent } from '../../src/index.js';
import { lost, message, setUp, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

describe('subscribe', () => {
  it('gives the refusal to its caller and wants the subscription no longer', async () => {
    const { driver, transport } = setUp();
    const no = new SubscribeError('SUBSCRIBE_REFUSED', 'not allowed');
    driver.prepareLink = (link) => {
      link.onSubscribe = () => Promise.reject(no);
    };
    await transport.connect();
    await expect(transport.subscribe('a', () => {})).rejects.toBe(no);
    driver.prepareLink = () => {};
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(driver.link.subscribed).toHaveLength(0);
    await transport.close();
  });

  it('refuses what is no handler and no channel, all at once', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await expect(transport.subscribe(5 as never, undefined as never, null as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: ['channel', 'handler', ''].map((path) => ({ path })),
    });
    expect(driver.link.subscribed).toHaveLength(0);
    await transport.close();
  });

  it('made while reconnecting is confirmed by the next link', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.link.events.lost(lost);
    const subscribed = transport.subscribe('a', () => {});
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await subscribed).channel).toBe('a');
    await transport.close();
  });

  it('acknowledges a message whose handler threw, and reports it', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const events: TransportEvent[] = [];
    transport.onEvent((event) => void events.push(event));
    const failure = new Error('bug');
    await transport.subscribe('a', () => {
      throw failure;
    });
    expect(await driver.link.subscribed[0]?.deliver(message('a'), { redelivered: false })).toBe(true);
    expect(events).toEqual([{ kind: 'handler-failed', channel: 'a', error: failure }]);
    await transport.close();
  });

  it('leaves a message to the broker once it is unsubscribed', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const seen: string[] = [];
    const subscription = await transport.subscribe('a', ({ channel }) => void seen.push(channel));
    await subscription.unsubscribe();
    await subscription.unsubscribe();
    expect(await driver.link.subscribed[0]?.deliver(message('a'), { redelivered: false })).toBe(false);
    expect(seen).toEqual([]);
    expect(driver.link.unsubscribed).toHaveLength(1);
    await transport.close();
  });

  it('is renewed on the same link when the broker ends it', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.subscribe('a', () => {});
    const { link } = driver;
    const [spec] = link.subscribed;
    if (!spec) throw new Error('not subscribed');
    link.events.subscriptionLost(spec, new SubscribeError('SUBSCRIBE_REFUSED', 'queue deleted'));
    await ticks();
    expect(link.subscribed).toEqual([spec, spec]);
    await transport.close();
  });

  it('is renewed when the broker ends it while the others are still being made again', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.subscribe('first', () => {});
    await transport.subscribe('second', () => {});
    driver.prepareLink = (link) => {
      link.onSubscribe = async (spec) => {
        if (spec.channel !== 'second') return;
        link.onSubscribe = () => Promise.resolve();
        while (link.subscribed.length === 0) await Promise.resolve();
        const [first] = link.subscribed;
        if (first)
          link.events.subscriptionLost(first, new SubscribeError('SUBSCRIBE_REFUSED', 'queue deleted'));
      };
    };
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(driver.link.subscribed.map(({ channel }) => channel).toSorted()).toEqual([
      'first',
      'first',
      'second',
    ]);
    await transport.close();
  });
});
