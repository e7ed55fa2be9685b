import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mqttTransport } from '../../src/index.js';
import { FakeBroker, type Script } from '../support/fake-broker.js';
import { message, openLink, turn, Wanted } from '../support/links.js';

afterEach(() => vi.useRealTimers());

describe('a link is lost', () => {
  test.each<[string, number | undefined, string]>([
    ['another program took its client id', 0x8e, 'SESSION_TAKEN_OVER'],
    ['the user may not go on', 0x87, 'AUTH_REFUSED'],
    ['the broker shuts down', 0x8b, 'CONNECTION_LOST'],
    ['an administrator ended it', 0x98, 'CONNECTION_LOST'],
    ['the broker closes it without a word', undefined, 'CONNECTION_LOST'],
  ])('%s', async (_, reasonCode, code) => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const peer = broker.peer();
    if (reasonCode !== undefined) peer.send({ cmd: 'disconnect', reasonCode });
    else peer.socket.end();
    const error = await open.lost;
    expect(error.code).toBe(code);
    expect(error.message).toContain(`127.0.0.1:${broker.port}`);
    if (reasonCode !== undefined && code !== 'SESSION_TAKEN_OVER') {
      expect(error.message).toContain(`0x${reasonCode.toString(16)}`);
    }
    await broker.allClosed();
  });

  test('with all its connections when one of them is', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    for (const retention of ['none', 'durable'] as const) {
      await open.link.subscribe(new Wanted('a', { retention }));
    }
    broker.peers[2]?.socket.resetAndDestroy();
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    await broker.allClosed();
  });

  test('when what comes in is not MQTT', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    broker.peer().socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    await broker.allClosed();
  });

  test('when a message is larger than maxPacketSizeBytes', async () => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port, maxPacketSizeBytes: 1024 });
    broker.peer().deliver('a', 1, { payload: 'x'.repeat(2048) });
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    await broker.allClosed();
  });

  test('after one and a half keep-alive times of a connection that fell silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    await using broker = await FakeBroker.start();
    await using proxy = await FaultProxy.to(`mqtt://127.0.0.1:${broker.port}`);
    await using open = await openLink({ port: proxy.port, keepAliveS: 30 });
    const lost = vi.fn();
    void open.lost.then(lost);
    await open.link.publish(message('a'), { durable: true });
    proxy.stall();
    const published = open.link.publish(message('a'), { durable: true });
    const refused = expect(published).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await vi.advanceTimersByTimeAsync(44_999);
    expect(lost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect((await open.lost).code).toBe('CONNECTION_LOST');
    await refused;
  });
});

test('a connection that is accepted and ended in one breath is not taken for a link', async () => {
  const script: Script = {
    connect: (peer) => {
      peer.socket.cork();
      peer.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0 });
      peer.send({ cmd: 'disconnect', reasonCode: 0x8b });
      peer.socket.uncork();
    },
  };
  await using broker = await FakeBroker.start({ script });
  const opened = openLink({ port: broker.port });
  await expect(opened).rejects.toMatchObject({ retryable: true });
  await broker.allClosed();
});

describe('a session that is taken over', () => {
  test('by an own attempt that the broker left lying is connected again; by another program it ends', async () => {
    let connects = 0;
    const script: Script = {
      connect: (peer) => {
        if (++connects > 1) peer.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0 });
      },
    };
    await using broker = await FakeBroker.start({ script });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const transport = mqttTransport({ port: broker.port, connectTimeoutMs: 30_000, reconnectMaxDelayMs: 1 });
    const states: string[] = [];
    const again = new Promise<void>((resolve) => {
      transport.onEvent((event) => {
        if (event.kind !== 'state') return;
        states.push(event.state.kind);
        if (states.join() === 'connecting,open,reconnecting,open') resolve();
      });
    });
    const connected = transport.connect({ retry: true });
    await broker.until('connect');
    // The second attempt has all the time that there is.
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    await connected;
    broker.peers[1]?.send({ cmd: 'disconnect', reasonCode: 0x8e });
    await again;
    broker.peers[2]?.send({ cmd: 'disconnect', reasonCode: 0x8e });
    expect((await transport.closed)?.code).toBe('SESSION_TAKEN_OVER');
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open', 'closed']);
    await broker.allClosed();
  });
});

describe('a link that was ended', () => {
  test.each(['close', 'destroy'] as const)('%s() tells nothing afterwards, however often', async (how) => {
    await using broker = await FakeBroker.start();
    await using open = await openLink({ port: broker.port });
    const wanted = new Wanted('a');
    await open.link.subscribe(wanted);
    await Promise.all([open.link[how](), open.link[how]()]);
    await open.link[how]();
    await broker.allClosed();
    const outcome = await Promise.race([open.lost, turn()]);
    expect(outcome).toBeUndefined();
    await expect(open.link.subscribe(wanted)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(open.link.subscribe(new Wanted('b', { retention: 'none' }))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
  });

  test('destroy() ends an orderly end that hangs', async () => {
    const script: Script = { disconnect: () => {} };
    await using broker = await FakeBroker.start({ script });
    await using open = await openLink({ port: broker.port });
    broker.peer().socket.allowHalfOpen = true;
    const closing = open.link.close();
    await broker.until('disconnect');
    expect(await Promise.race([closing, turn().then(() => 'hangs')])).toBe('hangs');
    open.link.destroy();
    await closing;
  });

  test.each(['close', 'destroy'] as const)('%s() leaves no socket and no timer', async (how) => {
    const resources = (): string[] =>
      process.getActiveResourcesInfo().filter((kind) => /TCPSocketWrap|Timeout|TLSWrap/.test(kind));
    await using broker = await FakeBroker.start();
    const before = resources();
    const { link } = await openLink({ port: broker.port, keepAliveS: 600, unclaimedGraceMs: 600_000 });
    for (const retention of ['session', 'none', 'durable'] as const) {
      await link.subscribe(new Wanted('a', { retention }));
    }
    link.ready?.();
    await link.publish(message('a'), { durable: true });
    expect(resources().length).toBeGreaterThan(before.length);
    await link[how]();
    await broker.allClosed();
    // The sockets' handles are closed in the turns after their last event.
    for (let round = 0; round < 100 && resources().length > before.length; round++) await turn();
    expect(resources().length).toBeLessThanOrEqual(before.length);
  });
});
