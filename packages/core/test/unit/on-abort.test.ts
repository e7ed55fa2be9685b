import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { onAbort } from '../../src/internal.js';

it('calls everyone who waits once, through one listener', () => {
  const controller = new AbortController();
  const callbacks = Array.from({ length: 50 }, () => vi.fn());
  for (const callback of callbacks) onAbort(controller.signal, callback);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort();
  for (const callback of callbacks) expect(callback).toHaveBeenCalledTimes(1);
});

it('does not call who took it back, and then leaves nothing on the signal', () => {
  const controller = new AbortController();
  const callback = vi.fn();
  const takeBack = [onAbort(controller.signal, callback), onAbort(controller.signal, callback)];
  takeBack[0]?.();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  takeBack[1]?.();
  takeBack[1]?.();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  controller.abort();
  expect(callback).not.toHaveBeenCalled();
});

it('can be waited for again after everyone has left', () => {
  const controller = new AbortController();
  const callback = vi.fn();
  onAbort(controller.signal, () => {})();
  onAbort(controller.signal, callback);
  controller.abort();
  expect(callback).toHaveBeenCalledTimes(1);
});

it('does nothing without a signal and with one that has aborted', () => {
  const callback = vi.fn();
  onAbort(undefined, callback)();
  onAbort(AbortSignal.abort(), callback)();
  expect(callback).not.toHaveBeenCalled();
});
