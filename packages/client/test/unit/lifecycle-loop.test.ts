import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { defaultIntersectLifecycleLoop, IntersectClient, stop } from '@intersect-sdk/client';
import type { ConfigError } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { deferred, thrownBy } from './support.js';

let broker: MemoryBroker;

beforeEach(() => {
  broker = new MemoryBroker();
});

const initial = { messagesToSend: [{ destination: ADDRESS, operation: 'Fake.echo', payload: 1 }] };

function newClient(onResponse?: ConstructorParameters<typeof IntersectClient>[1]): IntersectClient {
  const brokers = [memoryTransport(broker)];
  return new IntersectClient(
    onResponse ? { brokers, initialMessageEventConfig: initial } : { brokers },
    onResponse,
  );
}

describe('the loop ends', () => {
  test('by the signal: started, post-start, shut down; no clean-up callback', async () => {
    const client = newClient();
    const abort = new AbortController();
    const cleanupCallback = vi.fn();
    const postStartupCallback = vi.fn(() => {
      expect(client.isConnected()).toBe(true);
      abort.abort();
    });
    await defaultIntersectLifecycleLoop(client, {
      signal: abort.signal,
      postStartupCallback,
      cleanupCallback,
    });
    expect(postStartupCallback).toHaveBeenCalledOnce();
    expect(cleanupCallback).not.toHaveBeenCalled();
    expect([client.isConnected(), broker.queueCount]).toEqual([false, 0]);
  });

  test('by a signal that was given long ago, without starting', async () => {
    const postStartupCallback = vi.fn();
    const signal = AbortSignal.abort();
    await defaultIntersectLifecycleLoop(newClient(), { signal, postStartupCallback });
    expect(postStartupCallback).not.toHaveBeenCalled();
  });

  test('by a callback that says stop', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    const client = newClient(() => stop);
    await defaultIntersectLifecycleLoop(client);
    expect(client.isConnected()).toBe(false);
  });

  test('by a callback that throws: rejects with its error, shut down first', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    const client = newClient(() => {
      throw new Error('lost the sample');
    });
    const error = await thrownBy(() => defaultIntersectLifecycleLoop(client));
    expect(error).toEqual(new Error('lost the sample'));
    expect(client.isConnected()).toBe(false);
  });

  test('by a startup that fails: rejects with its error', async () => {
    broker.refuse(true);
    const postStartupCallback = vi.fn();
    const error = await thrownBy(() => defaultIntersectLifecycleLoop(newClient(), { postStartupCallback }));
    expect(error).toMatchObject({ code: 'CONNECT_REFUSED' });
    expect(postStartupCallback).not.toHaveBeenCalled();
  });

  test.each(['postStartupCallback', 'waitingCallback'])('by a %s that throws', async (name) => {
    const client = newClient();
    const fail = () => Promise.reject(new Error('no coffee'));
    const error = await thrownBy(() => defaultIntersectLifecycleLoop(client, { [name]: fail, delayMs: 1 }));
    expect(error).toEqual(new Error('no coffee'));
    expect([client.isConnected(), broker.queueCount]).toEqual([false, 0]);
  });

  test('by shutdown from inside', async () => {
    const client = newClient();
    const postStartupCallback = async (): Promise<void> => void (await client.shutdown());
    await defaultIntersectLifecycleLoop(client, { postStartupCallback });
    expect(client.isConnected()).toBe(false);
  });

  test('as soon as the initial messages are out, where that was all', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    const config = { brokers: [memoryTransport(broker)], initialMessageEventConfig: initial };
    const client = new IntersectClient({ ...config, terminateAfterInitialMessages: true });
    await defaultIntersectLifecycleLoop(client);
    expect(service.received).toHaveLength(1);
  });
});

test('the waiting callback is called every delayMs with the client', async () => {
  const client = newClient();
  const abort = new AbortController();
  const waitingCallback = vi.fn(() => {
    if (waitingCallback.mock.calls.length === 3) abort.abort();
  });
  await defaultIntersectLifecycleLoop(client, { delayMs: 1, waitingCallback, signal: abort.signal });
  expect(waitingCallback.mock.calls).toEqual([[client], [client], [client]]);
});

test('the waiting callback is not called again while it is at work', async () => {
  const abort = new AbortController();
  const ticks = vi.fn();
  const clock = setInterval(ticks, 1);
  let calls = 0;
  const waitingCallback = async (): Promise<void> => {
    if (++calls === 2) return abort.abort();
    await expect.poll(() => ticks.mock.calls.length, { interval: 1 }).toBeGreaterThan(20);
    expect(calls).toBe(1);
  };
  await defaultIntersectLifecycleLoop(newClient(), { delayMs: 1, waitingCallback, signal: abort.signal });
  clearInterval(clock);
  expect(calls).toBe(2);
});

test('options that can not be meant are refused before anything starts', async () => {
  const options = { delay: 30, delayMs: 0, signal: 1, postStartupCallback: 'log', cleanupCallback: {} };
  const client = newClient();
  const error = await thrownBy(() => defaultIntersectLifecycleLoop(client, options as never));
  expect((error as ConfigError).issues.map(({ path }) => path)).toEqual([
    'delayMs',
    'postStartupCallback',
    'cleanupCallback',
    'signal',
    'delay',
  ]);
  expect(client.isConnected()).toBe(false);
});

test('after its end nobody listens for signals of the operating system', async () => {
  const before = process.listenerCount('SIGTERM');
  const [started, abort] = [deferred(), new AbortController()];
  const ended = defaultIntersectLifecycleLoop(newClient(), {
    signal: abort.signal,
    postStartupCallback: () => started.resolve(),
  });
  await started.promise;
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  abort.abort();
  await ended;
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

describe.skipIf(process.platform === 'win32')('in a process of its own', () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'intersect-loop-'));
    program = join(folder, 'program.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('fixtures/loop-program.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['intersect-source'],
      external: ['@intersect-sdk/transport-mqtt', '@intersect-sdk/transport-amqp'],
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  class Program implements Disposable {
    readonly lines: string[] = [];
    readonly #child: ChildProcessByStdio<null, Readable, null>;
    readonly #output: Interface;
    readonly exited: Promise<unknown[]>;

    constructor(mode: string) {
      this.#child = spawn(process.execPath, [program, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
      this.#output = createInterface(this.#child.stdout);
      this.#output.on('line', (line) => this.lines.push(line));
      this.exited = once(this.#child, 'close');
    }

    async says(line: string): Promise<void> {
      while (!this.lines.includes(line)) await once(this.#output, 'line');
    }

    kill(signal: NodeJS.Signals): void {
      this.#child.kill(signal);
    }

    [Symbol.dispose](): void {
      this.#child.kill('SIGKILL');
    }
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it in order, with exit code 0',
    async (signal) => {
      using run = new Program('runs');
      await run.says('started');
      run.kill(signal);
      expect(await run.exited).toEqual([0, null]);
      expect(run.lines).toEqual(['started', `cleanup ${signal}`, 'ended, 0 queues left']);
    },
  );

  test('a signal while it connects ends it in order too', async () => {
    using run = new Program('hangs');
    await run.says('connecting');
    run.kill('SIGTERM');
    expect(await run.exited).toEqual([0, null]);
    expect(run.lines).toEqual(['connecting', 'cleanup SIGTERM', 'ended, 0 queues left']);
  });

  test('what keeps the process alive after the end is reported, once', async () => {
    using run = new Program('lingers');
    await run.says('started');
    run.kill('SIGTERM');
    await run.says('process-kept-alive');
    expect(run.lines).toEqual(['started', 'cleanup SIGTERM', 'ended, 0 queues left', 'process-kept-alive']);
    run.kill('SIGTERM');
    expect(await run.exited).toEqual([null, 'SIGTERM']);
  });

  test('a second signal ends what does not end by itself', async () => {
    using run = new Program('stuck');
    await run.says('started');
    run.kill('SIGTERM');
    await run.says('cleanup SIGTERM');
    run.kill('SIGINT');
    expect(await run.exited).toEqual([null, 'SIGINT']);
  });
});
