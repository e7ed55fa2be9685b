import { describe, expect, test } from 'vitest';
import { closedLoop, inTurn } from '../../lib/closed-loop.mjs';
import { figureOf, inTurns } from '../../lib/figure.mjs';

const comparison = { name: 'x', versus: 'y', goal: 1, unit: 'z' };

describe('figureOf', () => {
  test('the ratio is the median of the turns and not the ratio of the medians', () => {
    // The machine was ten times slower in the second turn, for both.
    const figure = figureOf(comparison, [200, 20, 180], [100, 10, 100]);
    expect(figure).toMatchObject({ ours: 180, against: 100, ratio: 2 });
    expect(figure.spread).toEqual({ ours: [20, 200], against: [10, 100], ratio: [1.8, 2] });
  });

  test('with an even number of turns the median lies between the two in the middle', () => {
    expect(figureOf(comparison, [1, 2, 4, 100], [1, 1, 1, 1]).ratio).toBe(3);
  });

  test('a larger ratio is better also where less is better', () => {
    expect(figureOf({ ...comparison, better: 'smaller' }, [50], 100).ratio).toBe(2);
  });
});

test('contenders are warmed up, and then take turns', async () => {
  const calls: string[] = [];
  const contender = (name: string) => async (durationMs: number) => {
    calls.push(`${name} ${durationMs}`);
    return calls.length;
  };
  const plan = { runs: 2, durationMs: 10, warmUpMs: 3, quick: false };
  const results = await inTurns({ a: contender('a'), b: contender('b') }, plan);
  expect(calls).toEqual(['a 3', 'b 3', 'a 10', 'b 10', 'a 10', 'b 10']);
  expect(results).toEqual({ a: [3, 5], b: [4, 6] });
});

describe('closedLoop', () => {
  const load = { inFlight: 3, durationMs: 5, payloadBytes: 4 };

  test('keeps as many requests in flight as it is told', async () => {
    let inFlight = 0;
    let most = 0;
    const ask = async (payload: string) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      return payload;
    };
    expect(await closedLoop(ask, load)).toBeGreaterThan(0);
    expect(most).toBe(3);
  });

  test('fails on a wrong answer instead of counting it', async () => {
    await expect(closedLoop(async () => 'other', load)).rejects.toThrow('not what was sent');
  });

  test('asks the first services in turn', async () => {
    const asked: string[] = [];
    const ask = inTurn(['a', 'b', 'c'], async (service) => asked.push(service));
    for (let request = 0; request < 4; request++) await ask('', 2);
    expect(asked).toEqual(['b', 'a', 'b', 'a']);
  });
});
