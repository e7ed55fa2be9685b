import { afterEach, expect, test, vi } from 'vitest';
import { consoleLogger } from '../../src/index.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('messages below the level are dropped, the others go to the console with their fields', () => {
  const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  );
  const logger = consoleLogger('warn');
  logger.debug({ a: 1 }, 'one');
  logger.info({ a: 2 }, 'two');
  logger.warn({ a: 3 }, 'three');
  logger.error({ a: 4 });
  expect(spies.map((spy) => spy.mock.calls)).toEqual([[], [], [['three', { a: 3 }]], [[{ a: 4 }]]]);
});
