import { describe, expect, it, vi } from 'vitest';
import { lost, message, setUp, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

describe('drain', () => {
  it('takes nothing more in, lets a handler answer, waits for the confirmation, then closes in order', async () => {
    const { driver, transport, states } = setUp();
    await transport.connect();
    let release!: () => void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await transport.subscribe('a', async () => {
      await gate;
      await transport.publish(message('answer'));
    });
    const { link } = driver;
    const [spec] = link.subscribed;
    const handled = spec?.deliver(message('a'), { redelivered: false });
    const drained = transport.drain();
    expect(await spec?.deliver(message('a'), { redelivered: false })).toBe(false);
    release();
    await ticks();
    expect(link.closed).toBe(false);
    link.published[0]?.confirm();
    await drained;
    expect(await handled).toBe(true);
    expect(link.closed).toBe(true);
    expect(states).toEqual(['connecting', 'open', 'draining', 'closed']);
  });

  it('refuses new publishes with DRAINING when no handler is at work', async () => {
    const { transport } = setUp();
    await transport.connect();
    const waiting = transport.publish(message());
    waiting.catch(() => {});
    const drained = transport.drain({ timeoutMs: 100 });
    await expect(transport.publish(message())).rejects.toMatchObject({ code: 'DRAINING' });
    await vi.advanceTimersByTimeAsync(100);
    await drained;
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('gives up at its deadline', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.subscribe('a', () => new Promise(() => {}));
    void driver.link.subscribed[0]?.deliver(message('a'), { redelivered: false });
    const drained = transport.drain({ timeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    await drained;
    expect(transport.state.kind).toBe('closed');
  });

  it.each([
    [{ timeoutMs: Number.NaN }, ['timeoutMs']],
    [{ timeoutMs: 2 ** 31 }, ['timeoutMs']],
    [{ timeoutMs: -1, timeoutMS: 5 }, ['timeoutMs', 'timeoutMS']],
    [null, ['']],
  ])('refuses %o before anything is drained', async (options, paths) => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.subscribe('a', () => {});
    await expect(transport.drain(options as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: paths.map((path) => ({ path })),
    });
    expect(transport.state.kind).toBe('open');
    expect(await driver.link.subscribed[0]?.deliver(message('a'), { redelivered: false })).toBe(true);
    await transport.close();
  });

  it('reconnects to deliver what is pending', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.link.events.lost(lost);
    const publish = transport.publish(message());
    const drained = transport.drain();
    await vi.advanceTimersByTimeAsync(2_000);
    driver.link.published[0]?.confirm();
    await Promise.all([publish, drained]);
    expect(transport.state.kind).toBe('closed');
  });
});
