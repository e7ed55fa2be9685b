import { PublishError, SubscribeError, TransportError } from '@intersect-sdk/core';
import { describe, expect, it, vi } from 'vitest';
import type { TransportEvent } from '../../src/index.js';
import { lost, message, refused, setUp, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

describe('after a lost link', () => {
  it('subscribes, then sends what is pending in order, then says open', async () => {
    const { driver, transport, states } = setUp();
    await transport.connect();
    await transport.subscribe('a', () => {});
    await transport.subscribe('b', () => {});
    const first = transport.publish(message('one'));
    driver.link.events.lost(lost);
    const second = transport.publish(message('two'));
    transport.onEvent((event) => {
      if (event.kind === 'state' && event.state.kind === 'open') driver.log.push('told open');
    });
    driver.log.length = 0;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(driver.log).toEqual([
      'open',
      'subscribe a',
      'subscribe b',
      'publish one',
      'publish two',
      'told open',
    ]);
    for (const publish of driver.link.published) publish.confirm();
    await Promise.all([first, second]);
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    await transport.close();
  });

  it('sends a durable publish again with the same headers and rejects the other', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const durable = transport.publish(message('c', 'again'));
    const fleeting = transport.publish(message('c', 'once'), { durable: false });
    fleeting.catch(() => {});
    driver.link.events.lost(lost);
    await expect(fleeting).rejects.toBe(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(driver.link.published.map((publish) => publish.message)).toEqual([message('c', 'again')]);
    driver.link.published[0]?.confirm();
    await durable;
    await transport.close();
  });

  it('does not take the word of the dead link for a publish that is on the next', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const publish = transport.publish(message());
    const old = driver.link;
    old.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    old.published[0]?.refuse(new PublishError('PUBLISH_REFUSED', 'no'));
    await ticks();
    driver.link.published[0]?.confirm();
    await publish;
    await transport.close();
  });

  it('ignores what the dead link still says', async () => {
    const { driver, transport, states } = setUp();
    await transport.connect();
    const old = driver.link;
    old.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    old.events.lost(lost);
    await ticks();
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    await transport.close();
  });

  it('ends for good when the loss says that trying is hopeless', async () => {
    const { driver, transport } = setUp();
    const taken = new TransportError('SESSION_TAKEN_OVER', 'another program');
    await transport.connect();
    const pending = transport.publish(message());
    pending.catch(() => {});
    driver.link.events.lost(taken);
    await expect(pending).rejects.toBe(taken);
    expect(await transport.closed).toBe(taken);
  });

  it('waits longer with each failed try, at most the limit, and shows the reason', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { driver, transport } = setUp({ reconnectMinDelayMs: 100, reconnectMaxDelayMs: 300 });
    await transport.connect();
    driver.answers.push(refused, refused, refused);
    const waits: number[] = [];
    driver.link.events.lost(lost);
    for (const expected of [100, 200, 300, 300]) {
      const { state } = transport;
      if (state.kind === 'reconnecting') waits.push(state.retryInMs);
      await vi.advanceTimersByTimeAsync(expected);
    }
    expect(waits).toEqual([100, 200, 300, 300]);
    expect(transport.state.kind).toBe('open');
    vi.restoreAllMocks();
    await transport.close();
  });

  it('comes back at a random time below the bound, so that many programs do not come back together', async () => {
    const random = vi.spyOn(Math, 'random');
    const waits: number[] = [];
    for (const share of [0.2, 0.8]) {
      random.mockReturnValue(share);
      const { driver, transport } = setUp({ reconnectMinDelayMs: 100 });
      await transport.connect();
      driver.link.events.lost(lost);
      const { state } = transport;
      if (state.kind === 'reconnecting') waits.push(state.retryInMs);
      await transport.close();
    }
    vi.restoreAllMocks();
    expect(waits).toEqual([20, 80]);
  });

  it('reports a subscription that the broker refuses now, and keeps the others', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.subscribe('kept', () => {});
    await transport.subscribe('gone', () => {});
    const events: TransportEvent[] = [];
    transport.onEvent((event) => void events.push(event));
    const no = new SubscribeError('SUBSCRIBE_REFUSED', 'no longer allowed');
    driver.prepareLink = (link) => {
      link.onSubscribe = (spec) => (spec.channel === 'gone' ? Promise.reject(no) : Promise.resolve());
    };
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events).toContainEqual({ kind: 'subscription-lost', channel: 'gone', error: no });
    expect(driver.link.subscribed.map(({ channel }) => channel)).toEqual(['kept']);
    await transport.close();
  });
});
