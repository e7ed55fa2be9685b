import { inTurn, nextTurn } from '@intersect-sdk/core/internal';
import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** As it is where there is no setImmediate. */
async function inBrowser(): Promise<typeof inTurn> {
  vi.resetModules();
  vi.stubGlobal('setImmediate', undefined);
  return (await import('../../src/plumbing/turn.js')).inTurn;
}

describe.each([
  ['in Node', async () => inTurn],
  ['in a browser', inBrowser],
])('a turn of its own, %s', (_, load) => {
  test('begins when all that the one before brought about has happened, in the order of asking', async () => {
    const later = await load();
    const steps: string[] = [];
    await new Promise<void>((resolve) => {
      for (const name of ['a', 'b', 'c']) {
        later(() => {
          steps.push(name);
          void Promise.resolve()
            .then(() => null)
            .then(() => steps.push(`after ${name}`))
            .then(() => name === 'c' && resolve());
        });
      }
      steps.push('asked');
    });
    expect(steps).toEqual(['asked', 'a', 'after a', 'b', 'after b', 'c', 'after c']);
  });
});

test("fake timers don't stop the turns", async () => {
  vi.useFakeTimers();
  await nextTurn();
  vi.useRealTimers();
});
