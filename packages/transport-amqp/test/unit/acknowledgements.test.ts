import type { Channel, ConsumeMessage } from 'amqplib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Acknowledgements, type Grouping } from '../../src/in/acknowledgements.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function delivered(count: number, grouping: Grouping) {
  const sent: string[] = [];
  const ack = (message: ConsumeMessage, andAllBefore: boolean): void => {
    sent.push(`${andAllBefore ? 'up to ' : ''}${message.fields.deliveryTag}`);
  };
  const acknowledgements = new Acknowledgements({ ack } as unknown as Channel, grouping);
  for (let tag = 1; tag <= count; tag++) acknowledgements.delivered(tag);
  const handled = (...tags: number[]): void => {
    for (const tag of tags) acknowledgements.handled(tag);
  };
  return { sent, acknowledgements, handled };
}

const WITHIN = { withinMs: 5, size: 50 };

describe('what is acknowledged together', () => {
  test('messages handled in a row take one frame', () => {
    const { sent, acknowledgements, handled } = delivered(4, WITHIN);
    handled(2, 1, 3);
    acknowledgements.flush();
    expect(sent).toEqual(['up to 3']);
  });

  test('a message at work is not acknowledged along with later ones', () => {
    const { sent, acknowledgements, handled } = delivered(5, WITHIN);
    handled(1, 4, 3, 5);
    acknowledgements.flush();
    expect(sent).toEqual(['4', '3', '5', 'up to 1']);
    handled(2);
    acknowledgements.flush();
    expect(sent.slice(4)).toEqual(['up to 2']);
  });

  test('nothing handled, nothing sent', () => {
    const { sent, acknowledgements } = delivered(3, WITHIN);
    acknowledgements.flush();
    expect(sent).toEqual([]);
  });
});

describe('when', () => {
  test('after the time for others is over', () => {
    const { sent, handled } = delivered(3, WITHIN);
    handled(1);
    vi.advanceTimersByTime(4);
    handled(2);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['up to 2']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('without time for others, at the end of the turn', () => {
    const { sent, handled } = delivered(2, { withinMs: 0, size: 50 });
    handled(1, 2);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(sent).toEqual(['up to 2']);
  });

  test('at once when the group is full', () => {
    const { sent, handled } = delivered(4, { withinMs: 5, size: 2 });
    handled(1, 2);
    expect(sent).toEqual(['up to 2']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('never once the channel is gone', () => {
    const { sent, acknowledgements, handled } = delivered(2, WITHIN);
    handled(1);
    acknowledgements.end();
    handled(2);
    acknowledgements.flush();
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
