import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HeldAcknowledgement } from '../../src/in/held-acknowledgement.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function holding(withinMs: number) {
  const sent: number[] = [];
  return { sent, held: new HeldAcknowledgement((messageId) => sent.push(messageId), withinMs) };
}

test('the latest waits for the next one', () => {
  const { sent, held } = holding(5);
  held.acknowledge(7);
  expect(sent).toEqual([]);
  held.acknowledge(3);
  held.acknowledge(9);
  expect(sent).toEqual([7, 3]);
});

test('the latest does not wait longer than it may, and is sent once', () => {
  const { sent, held } = holding(5);
  held.acknowledge(7);
  vi.advanceTimersByTime(5);
  expect(sent).toEqual([7]);
  held.acknowledge(8);
  vi.advanceTimersByTime(5);
  expect(sent).toEqual([7, 8]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is held is sent before an orderly end, and never after a cut', () => {
  const closed = holding(5);
  closed.held.acknowledge(7);
  closed.held.flush();
  const cut = holding(5);
  cut.held.acknowledge(7);
  cut.held.end();
  vi.runAllTimers();
  expect(closed.sent).toEqual([7]);
  expect(cut.sent).toEqual([]);
});

test('without time nothing is held back', () => {
  const { sent, held } = holding(0);
  held.acknowledge(7);
  expect(sent).toEqual([7]);
  expect(vi.getTimerCount()).toBe(0);
});
