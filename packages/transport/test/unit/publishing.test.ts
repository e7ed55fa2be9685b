import { IllegalStateError } from '@intersect-sdk/core';
import { describe, expect, it, vi } from 'vitest';
import { lost, message, setUp, useFakeTimers } from './set-up.js';

useFakeTimers();

describe('publish', () => {
  it('rejects before connect and after close', async () => {
    const { transport } = setUp();
    await expect(transport.publish(message())).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    await transport.connect();
    await transport.close();
    await expect(transport.publish(message())).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('rejects with UNROUTABLE only when the caller needs a receiver', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const must = transport.publish(message(), { mustRoute: true });
    const may = transport.publish(message());
    for (const publish of driver.link.published) publish.confirm({ routed: 'no' });
    await expect(must).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await may;
    await transport.close();
  });

  it('ends after its time, connected or not, and says which', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const unconfirmed = transport.publish(message(), { timeoutMs: 50 });
    unconfirmed.catch(() => {});
    await vi.advanceTimersByTimeAsync(50);
    await expect(unconfirmed).rejects.toThrow(/did not confirm/);
    driver.answers.push(new Promise(() => {}));
    driver.link.events.lost(lost);
    const unsent = transport.publish(message(), { timeoutMs: 50 });
    unsent.catch(() => {});
    await vi.advanceTimersByTimeAsync(50);
    await expect(unsent).rejects.toMatchObject({ code: 'PUBLISH_TIMEOUT', message: /no connection/ });
    await transport.close();
  });

  it('refuses options that cannot be meant, all at once, and leaves the time of others alone', async () => {
    const { transport } = setUp();
    await transport.connect();
    const options = { timeoutMs: Number.NaN, signal: {}, timeoutMS: 5, mustRoute: 'yes' };
    const refused = await transport.publish(message(), options as never).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
    const { issues } = refused as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path).sort()).toEqual(['mustRoute', 'signal', 'timeoutMS', 'timeoutMs']);
    const late = transport.publish(message(), { timeoutMs: 50 });
    late.catch(() => {});
    await vi.advanceTimersByTimeAsync(50);
    await expect(late).rejects.toMatchObject({ code: 'PUBLISH_TIMEOUT' });
    await transport.close();
  });

  // Most options are recognised as right without the table of them being read.
  it.each([
    'durable',
    'mustRoute',
    'timeoutMs',
    'signal',
    'stillWanted',
    'onHandedOver',
    'whenBusy',
    'onBusy',
  ])('refuses a wrong %s where nothing else is wrong', async (name) => {
    const { driver, transport } = setUp();
    await transport.connect();
    await expect(transport.publish(message(), { [name]: 'wrong' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [{ path: name }],
    });
    expect(driver.link.published).toHaveLength(0);
    await transport.close();
  });

  it('says which option may be meant', async () => {
    const { transport } = setUp();
    await transport.connect();
    await expect(transport.publish(message(), { mustRout: true } as never)).rejects.toThrow(
      'mustRout: is not a known field; did you mean mustRoute?',
    );
    await transport.close();
  });

  it.each([
    ['no message', [undefined, {}], ['']],
    ['null for the options', [message(), null], ['']],
    ['a list for the options', [message(), []], ['']],
    ['a number as text', [message(), { timeoutMs: '5000' }], ['timeoutMs']],
    ['half a signal', [message(), { signal: { aborted: false } }], ['signal']],
    ['a payload that is text', [{ ...message(), payload: 'x' }, {}], ['payload']],
    ['a header that is a number', [{ ...message(), headers: { a: 1 } }, {}], ['headers.a']],
    ['nothing but rubbish', [{ headers: 5 }, {}], ['channel', 'payload', 'contentType', 'headers']],
  ])('rejects, and throws nothing, for %s', async (_, given, paths) => {
    const { driver, transport } = setUp();
    await transport.connect();
    const outcome = transport.publish(...(given as Parameters<typeof transport.publish>));
    await expect(outcome).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: paths.map((path) => ({ path })),
    });
    expect(driver.link.published).toHaveLength(0);
    await transport.close();
  });

  it('is bounded by count and by bytes', async () => {
    const { transport } = setUp({ maxPendingMessages: 2, maxPendingBytes: 10 });
    await transport.connect();
    const kept = transport.publish(message('a', '12345678'));
    kept.catch(() => {});
    await expect(transport.publish(message('a', '123'))).rejects.toMatchObject({ code: 'PENDING_FULL' });
    const small = transport.publish(message('a', '1'));
    small.catch(() => {});
    await expect(transport.publish(message('a', '1'))).rejects.toMatchObject({ code: 'PENDING_FULL' });
    await transport.close();
    await expect(kept).rejects.toBeInstanceOf(IllegalStateError);
    await expect(small).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('refuses a payload over the limit of the link before it is sent', async () => {
    const { driver, transport } = setUp();
    driver.prepareLink = (link) => {
      link.maxPayloadBytes = 4;
    };
    await transport.connect();
    await expect(transport.publish(message('a', '12345'))).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: /5 bytes.*accepts 4.*data store/,
    });
    expect(driver.link.published).toHaveLength(0);
    await transport.close();
  });

  it('refuses a channel with wildcards', async () => {
    const { transport } = setUp();
    await transport.connect();
    await expect(transport.publish(message('a/*'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await transport.close();
  });

  it('ends with the signal', async () => {
    const { transport } = setUp();
    await transport.connect();
    const abort = new AbortController();
    const publish = transport.publish(message(), { signal: abort.signal });
    abort.abort();
    await expect(publish).rejects.toMatchObject({ code: 'ABORTED' });
    await transport.close();
  });

  it('gives up, on a new connection or when draining, what is no longer wanted', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const wanted = new Set(['first', 'second', 'third']);
    const outcomes = ['first', 'second', 'third'].map((text) => {
      const outcome = transport.publish(message('a', text), { stillWanted: () => wanted.has(text) });
      outcome.catch(() => {});
      return outcome;
    });
    wanted.delete('first');
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(driver.link.published.map(({ message: { headers } }) => headers.message_id)).toEqual([
      'second',
      'third',
    ]);
    await expect(outcomes[0]).rejects.toMatchObject({ code: 'ABORTED' });
    wanted.delete('second');
    const drained = transport.drain();
    await expect(outcomes[1]).rejects.toMatchObject({ code: 'ABORTED' });
    driver.link.published[1]?.confirm({ routed: 'yes' });
    await outcomes[2];
    await drained;
  });
});
