import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineCapability, type OperationContext, type RequestContext, Type } from '../../src/index.js';
import type { RequestProcessorOptions } from '../../src/serve/request-processor.js';
import { request } from './support/asker.js';
import { processorOf, type TestProcessor } from './support/processor.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A handler that waits until the test lets it go. */
class Gate {
  readonly entered: RequestContext[] = [];
  running = 0;
  most = 0;
  readonly #waiting: (() => void)[] = [];

  readonly pass = async (context: RequestContext): Promise<void> => {
    this.entered.push(context);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.running -= 1;
  };

  open(count = Number.POSITIVE_INFINITY): void {
    for (const release of this.#waiting.splice(0, count)) release();
  }
}

function gated(
  declared: { concurrency?: number; timeLimitMs?: number },
  options: Partial<RequestProcessorOptions> = {},
): TestProcessor & { readonly gate: Gate } {
  const gate = new Gate();
  const Slow = defineCapability({
    name: 'Slow',
    concurrency: 8,
    operations: { wait: declared, free: { response: Type.String() }, call: { response: Type.String() } },
    events: { progress: { schema: Type.Integer() } },
  });
  const slow = Slow.implement({
    wait: (_nothing, context) => gate.pass(context),
    free: () => 'done',
    call: async (_nothing, { call }) => {
      await call({ destination: 'a.b', operation: 'C.d' });
      return 'called';
    },
  });
  return { ...processorOf(slow, options), gate };
}

// Taken before any test fakes it; one for the turn in which a handler begins, one more for what it does first.
const { setImmediate: immediate } = globalThis;
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => immediate(resolve));
};

async function openUntilDone(gate: Gate, done: Promise<unknown>): Promise<void> {
  let finished = false;
  void done.finally(() => {
    finished = true;
  });
  while (!finished) {
    gate.open();
    await settled();
  }
}

describe('how many handlers run at once', () => {
  it('is bounded by the service', async () => {
    const { ask, gate, processor } = gated({}, { concurrency: 3 });
    const all = Promise.all(Array.from({ length: 10 }, () => ask('Slow.wait')));
    await settled();
    expect([gate.running, processor.running, processor.inFlight]).toEqual([3, 3, 10]);
    await openUntilDone(gate, all);
    expect([gate.most, processor.running, processor.inFlight]).toEqual([3, 0, 0]);
  });

  it('is bounded by the operation, and others go past those that wait', async () => {
    const { ask, gate } = gated({ concurrency: 1 }, { concurrency: 2 });
    const all = Promise.all(Array.from({ length: 5 }, () => ask('Slow.wait')));
    await settled();
    expect(gate.running).toBe(1);
    expect((await ask('Slow.free')).value).toBe('done');
    await openUntilDone(gate, all);
    expect(gate.most).toBe(1);
  });

  it('does not count a handler that waits for another service', async () => {
    let answer = (): void => {};
    const call = () =>
      new Promise<never>((resolve) => {
        answer = () => resolve({ payload: null } as never);
      });
    const { ask, processor } = gated({}, { concurrency: 1, call });
    const calling = ask('Slow.call');
    await settled();
    expect((await ask('Slow.free')).value).toBe('done');
    expect(processor.running).toBe(0);
    answer();
    expect((await calling).value).toBe('called');
    expect(processor.running).toBe(0);
  });
});

describe('the time limit of an operation', () => {
  it('answers with an error, aborts the signal, and frees the place in the service', async () => {
    vi.useFakeTimers();
    const { ask, gate, processor, reports } = gated({ timeLimitMs: 500 }, { concurrency: 1 });
    const asked = ask('Slow.wait');
    await vi.advanceTimersByTimeAsync(499);
    expect(gate.entered[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await asked).value).toBe('Operation Slow.wait did not end within its time limit of 500 ms.');
    expect(gate.entered[0]?.signal.aborted).toBe(true);
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'time-limit' }]);
    expect(processor.running).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    gate.open();
  });

  it('does not let the next one in while the late handler still runs', async () => {
    vi.useFakeTimers();
    const { ask, gate } = gated({ timeLimitMs: 500, concurrency: 1 });
    const first = ask('Slow.wait');
    await vi.advanceTimersByTimeAsync(500);
    await first;
    const second = ask('Slow.wait');
    await vi.advanceTimersByTimeAsync(10);
    expect(gate.running).toBe(1);
    gate.open();
    await settled();
    await vi.advanceTimersByTimeAsync(500);
    expect((await second).hasError).toBe(true);
    expect(gate.entered).toHaveLength(2);
    gate.open();
  });

  it('leaves no timer behind when the handler is in time', async () => {
    vi.useFakeTimers();
    const { ask, gate } = gated({ timeLimitMs: 500 });
    const asked = ask('Slow.wait');
    await vi.advanceTimersByTimeAsync(1);
    gate.open();
    expect((await asked).hasError).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a service that stops', () => {
  it('aborts the signals of its handlers, and says so to those whose handler gives up', async () => {
    const { processor, reports, ask } = processorOf(
      defineCapability({ name: 'Slow', operations: { wait: {} } }).implement({
        wait: (_nothing, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      }),
    );
    const asked = ask('Slow.wait');
    await settled();
    processor.stop(new DOMException('The service is stopping', 'AbortError'));
    expect((await asked).value).toContain('the service is stopping; ask again later');
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'stopping' }]);
  });

  it('lets a handler that goes on finish', async () => {
    const { processor, ask, gate } = gated({});
    const asked = ask('Slow.wait');
    await settled();
    processor.stop(new Error('stop'));
    gate.open();
    expect((await asked).hasError).toBe(false);
  });

  it('gives fresh signals after it was resumed', async () => {
    const { processor, ask, gate } = gated({});
    processor.stop(new Error('stop'));
    processor.resume();
    const asked = ask('Slow.wait');
    await settled();
    expect(gate.entered[0]?.signal.aborted).toBe(false);
    gate.open();
    await asked;
  });
});

describe('the context of a handler', () => {
  it('says who asked, and emits in the name of the capability', async () => {
    const { processor, emitted, gate } = gated({});
    const message = request('Slow.wait');
    const outcome = processor.process(message);
    await settled();
    const [context] = gate.entered;
    expect(context).toMatchObject({
      operation: 'Slow.wait',
      source: message.headers.source,
      requestId: message.headers.request_id,
      campaignId: message.headers.campaign_id,
      messageId: message.headers.message_id,
    });
    await (context as OperationContext<{ progress: number }>).emit('progress', 1);
    expect(emitted).toEqual([{ capability: 'Slow', event: 'progress', value: 1 }]);
    gate.open();
    await outcome;
  });

  it('can be told to emit and not waited for: a failure is no unhandled rejection', async () => {
    const emit = () => Promise.reject(new Error('no broker'));
    const { ask, gate } = gated({}, { emit });
    const asked = ask('Slow.wait');
    await settled();
    void (gate.entered[0] as OperationContext<{ progress: number }>).emit('progress', 1);
    gate.open();
    expect((await asked).hasError).toBe(false);
  });
});
