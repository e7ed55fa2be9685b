// What nobody waits for any more is not run, and what was made too long ago is refused where that is asked for.
import { nextTurn, TIMEOUT_HEADER } from '@intersect-sdk/core/internal';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { Arrival } from '../../src/serve/request/arrival.js';
import { type RequestParts, request } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { Latch } from './support/programs.js';

const Lab = defineCapability({ name: 'Lab', operations: { scan: { response: Type.Integer() } } });

function lab(options: Parameters<typeof processorOf>[1] = {}) {
  const state = { runs: 0, release: new Latch() };
  const capability = Lab.implement({
    scan: async () => {
      state.runs += 1;
      await state.release.done;
      return state.runs;
    },
  });
  return { ...processorOf(capability, options), state };
}

describe('a request that says how long its asker waits', () => {
  /** As one that came in so long ago. */
  const came = (agoMs: number): Arrival => Object.assign(new Arrival(), { atMs: performance.now() - agoMs });

  test.each<[string | undefined, number, 'runs' | 'expired']>([
    ['3600000', 1_000, 'runs'],
    ['1000', 1_000, 'expired'],
    [undefined, 1e9, 'runs'],
    ['soon', 1e9, 'runs'],
    ['', 1e9, 'runs'],
    ['-1', 1e9, 'runs'],
  ])('%s ms, and came %i ms ago: %s', async (timeout, agoMs, what) => {
    const { processor, reports, state } = lab();
    state.release.open();
    const message = request('Lab.scan', { raw: { [TIMEOUT_HEADER]: timeout } });
    const outcomes = [processor.process(message, came(agoMs)), processor.process(message)];
    const [outcome, repeated] = await Promise.all(outcomes);
    expect(state.runs).toBe(what === 'runs' ? 1 : 0);
    if (what === 'runs') {
      expect(outcome).toMatchObject({ kind: 'reply', refusal: undefined });
      return;
    }
    expect(outcome).toEqual({ kind: 'dropped', reason: 'expired', issues: [] });
    expect(repeated).toEqual(outcome);
    expect(processor.counts).toMatchObject({ dropped: 1, answered: 0 });
    expect(reports.filter(({ kind }) => kind === 'request-dropped')).toMatchObject([
      {
        reason: 'expired',
        operation: 'Lab.scan',
        message: expect.stringContaining('it came with 1000 ms left for its answer'),
      },
    ]);
  });

  test('it is looked at when the handler begins, and not when it comes in', async () => {
    const { processor, state } = lab();
    const first = processor.process(request('Lab.scan'));
    const arrival = Object.assign(new Arrival(), { atMs: Number.POSITIVE_INFINITY });
    const message = request('Lab.scan', { raw: { [TIMEOUT_HEADER]: '1000' } });
    const second = processor.process(message, arrival);
    await nextTurn();
    await nextTurn();
    arrival.atMs = Number.NEGATIVE_INFINITY;
    state.release.open();
    await first;
    expect(await second).toMatchObject({ reason: 'expired' });
    expect(state.runs).toBe(1);
  });
});

describe('a service that takes no old requests', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-01T12:00:00Z') }));
  afterEach(() => void vi.useRealTimers());

  const made = (createdAt: string): RequestParts => ({ raw: { created_at: createdAt } });

  test.each([
    '2026-01-01T11:58:58.999+00:00',
    '2026-01-01T06:58:58.999-05:00',
    String(Date.parse('2026-01-01T11:00:00Z') / 1000),
  ])('refuses one of %s, with both times', async (createdAt) => {
    const { ask, reports, state } = lab({ maxRequestAgeMs: 61_000 });
    state.release.open();
    const { hasError, value } = await ask('Lab.scan', made(createdAt));
    expect({ hasError, runs: state.runs }).toEqual({ hasError: true, runs: 0 });
    const both = [new Date(Number(createdAt) * 1000 || createdAt), new Date()].map((at) => at.toISOString());
    for (const time of both) expect(value).toContain(time);
    expect(reports).toMatchObject([{ kind: 'request-refused', reason: 'too-old', message: value }]);
  });

  test.each([
    ['that is no older', '2026-01-01T11:58:59+00:00', 61_000],
    ['of a clock that is ahead', '2026-01-01T13:00:00+00:00', 61_000],
    ['of any age without the option', '1999-01-01T00:00:00+00:00', undefined],
  ])('runs one %s', async (_what, createdAt, maxRequestAgeMs) => {
    const { ask, state } = lab({ maxRequestAgeMs });
    state.release.open();
    expect((await ask('Lab.scan', made(createdAt))).value).toBe(1);
  });
});
