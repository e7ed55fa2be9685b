import { describe, expect, it, vi } from 'vitest';
import { lost, refused, setUp, useFakeTimers, wrongPassword } from './set-up.js';

useFakeTimers();

describe('connect', () => {
  it('joins a try under way', async () => {
    const { driver, transport } = setUp();
    await Promise.all([transport.connect(), transport.connect()]);
    await transport.connect();
    expect(driver.opens).toBe(1);
    await transport.close();
  });

  it('refuses options that cannot be meant, all at once, and dials nobody', async () => {
    const { driver, transport } = setUp();
    const options = { retri: true, retry: 'yes', signal: {}, session: { id: 5, keepForMs: Number.NaN } };
    const paths = ['signal', 'retry', 'session.id', 'session.keepForMs', 'session.keepAfterClose', 'retri'];
    await expect(transport.connect(options as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: paths.map((path) => ({ path })),
    });
    expect(driver.opens).toBe(0);
    expect(transport.state.kind).toBe('idle');
    await transport.close();
  });

  it('is idle again after a failure that may pass, and dials again', async () => {
    const { driver, transport, states } = setUp();
    driver.answers.push(refused);
    await expect(transport.connect()).rejects.toBe(refused);
    expect(transport.state.kind).toBe('idle');
    await transport.connect();
    expect(states).toEqual(['connecting', 'idle', 'connecting', 'open']);
    await transport.close();
  });

  it('ends for good when trying is hopeless', async () => {
    const { driver, transport } = setUp();
    driver.answers.push(wrongPassword);
    await expect(transport.connect()).rejects.toBe(wrongPassword);
    expect(transport.state).toEqual({ kind: 'closed', error: wrongPassword });
    expect(await transport.closed).toBe(wrongPassword);
    await expect(transport.connect()).rejects.toMatchObject({ code: 'CLOSED', cause: wrongPassword });
  });

  it('with retry keeps trying and tells one change of state, not one for each try', async () => {
    const { driver, transport, states } = setUp();
    driver.answers.push(refused, refused, refused);
    const connected = transport.connect({ retry: true });
    await vi.advanceTimersByTimeAsync(10_000);
    await connected;
    expect(driver.opens).toBe(4);
    expect(states).toEqual(['connecting', 'open']);
    await transport.close();
  });

  it('aborted by its only caller is idle and leaves no link', async () => {
    const { driver, transport } = setUp();
    driver.answers.push(new Promise(() => {}));
    const abort = new AbortController();
    const connected = transport.connect({ signal: abort.signal });
    abort.abort();
    await expect(connected).rejects.toMatchObject({ code: 'ABORTED' });
    expect(transport.state.kind).toBe('idle');
    expect(driver.links).toHaveLength(0);
  });

  it('goes on for the others when one caller gives up', async () => {
    const { driver, transport } = setUp();
    let open!: () => void;
    driver.answers.push(
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const abort = new AbortController();
    const impatient = transport.connect({ signal: abort.signal });
    const patient = transport.connect();
    abort.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'ABORTED' });
    open();
    await patient;
    expect(transport.state.kind).toBe('open');
    await transport.close();
  });

  it('destroys a link that is lost before its subscriptions are confirmed, and dials again', async () => {
    const { driver, transport } = setUp({ reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 });
    await transport.connect();
    await transport.subscribe('a', () => {});
    driver.prepareLink = (link) => {
      driver.prepareLink = () => {};
      link.onSubscribe = () => {
        link.events.lost(lost);
        return new Promise(() => {});
      };
    };
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(100);
    expect(transport.state.kind).toBe('open');
    expect(driver.links.map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
    await transport.close();
  });
});

describe('close', () => {
  it('drops a link whose goodbye hangs', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.link.close = () => new Promise(() => {});
    const closed = transport.close();
    await vi.advanceTimersByTimeAsync(3_000);
    await closed;
    expect(driver.link.destroyed).toBe(true);
  });

  it('ends redialling', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.answers.push(...Array.from({ length: 100 }, () => refused));
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(1_000);
    await transport.close();
    const { opens } = driver;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(driver.opens).toBe(opens);
    expect(await transport.closed).toBeUndefined();
  });

  it('can be followed by a fresh transport to the same broker', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    await transport.close();
    const next = transport.fresh();
    await next.connect();
    expect(driver.opens).toBe(2);
    await next.close();
  });
});

it('is not harmed by a listener that throws', async () => {
  const { transport } = setUp();
  const seen: string[] = [];
  transport.onEvent(() => {
    throw new Error('bad listener');
  });
  transport.onEvent(({ kind }) => void seen.push(kind));
  await transport.connect();
  expect(seen).toEqual(['state', 'state']);
  await transport.close();
});
