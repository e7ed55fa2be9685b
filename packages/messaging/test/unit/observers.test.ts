import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Logger, PublishError } from '@intersect-sdk/core';
import { BrokerGroup, type Observer, Observers, WIRE_0_9 } from '@intersect-sdk/messaging';
import { expect, test } from 'vitest';
import { message, scriptedTransport } from './scripted-transport.js';

const session = { id: 'test', keepForMs: 1000, keepAfterClose: false };

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that one publish leaves behind, the transport's own share apart. */
function bytesOfOnePublish(observers: readonly Observer[]): number {
  const sent = Promise.resolve();
  const transport = Object.assign(scriptedTransport('one'), { publish: () => sent });
  const group = new BrokerGroup([transport], {
    session,
    observers: new Observers({ wire: WIRE_0_9, observers }),
  });
  const one = message();
  const options = {};
  const publish = (times: number): void => {
    for (let time = 0; time < times; time++) void group.publishToOne(one, options);
  };
  publish(20_000);
  // The least of many rounds: what the engine compiles meanwhile, or a collection within a round, is not the message's.
  const rounds = Array.from({ length: 20 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    publish(2_000);
    return (process.memoryUsage().heapUsed - before) / 2_000;
  });
  return Math.min(...rounds.filter((bytes) => bytes >= 0));
}

test('without observers nothing is allocated for a message', () => {
  expect(bytesOfOnePublish([])).toBeLessThan(8);
  expect(bytesOfOnePublish([{ onReport: () => {} }])).toBeLessThan(8);
  // The measurement sees what there is to see.
  expect(bytesOfOnePublish([{ onMessage: () => {} }])).toBeGreaterThan(100);
});

test('a report has a sentence, a code and issues, goes to each observer and to the log, and no throw gets out', () => {
  const lines: [string, object, string | undefined][] = [];
  const line =
    (level: string) =>
    (fields: object, text?: string): void =>
      void lines.push([level, fields, text]);
  const logger: Logger = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  };
  const told: unknown[] = [];
  const onReport = (report: unknown): void => {
    told.push(report);
    throw new Error('broken');
  };
  const { report } = new Observers({ wire: WIRE_0_9, logger, observers: [{ onReport }, { onReport }] });
  const error = new PublishError('UNROUTABLE', 'No one receives it.');
  report({ kind: 'publish-failed', channel: 'a/b', error });
  report({
    kind: 'request-refused',
    reason: 'capability-error',
    message: 'The door is open.',
    operation: 'A.b',
  });
  const first = { kind: 'publish-failed', channel: 'a/b', message: error.message, code: 'UNROUTABLE', error };
  const second = {
    kind: 'request-refused',
    reason: 'capability-error',
    message: 'The door is open.',
    operation: 'A.b',
  };
  expect(told).toEqual([first, first, second, second]);
  expect(lines.filter(([level]) => level !== 'error')).toEqual([
    ['warn', { kind: 'publish-failed', channel: 'a/b', code: 'UNROUTABLE' }, error.message],
    ['info', { kind: 'request-refused', reason: 'capability-error', operation: 'A.b' }, 'The door is open.'],
  ]);
  expect(lines.filter(([level]) => level === 'error')).toHaveLength(4);
});

const departure = { kind: 'request', channel: 'a/b', source: 'here', bytes: 2 } as const;
const work = {
  kind: 'request',
  channel: 'a/b',
  source: 'there',
  bytes: 2,
  headers: {},
  messageId: '1',
} as const;

function observersOf(...observers: readonly Observer[]): { all: Observers; errors: unknown[] } {
  const errors: unknown[] = [];
  const nothing = (): void => {};
  const logger: Logger = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: ({ error }: { error?: unknown }) => void errors.push(error),
  };
  return { all: new Observers({ wire: WIRE_0_9, logger, observers }), errors };
}

test('what observers send along are further headers; those of the program win, and names of the protocol stay out', () => {
  const ended: unknown[] = [];
  const { all } = observersOf(
    {
      onDeparture: () => ({
        headers: { traceparent: 'one', 'x-mine': 'one', source: 'forged' },
        ended: () => {},
      }),
    },
    { onDeparture: () => undefined },
    {
      onDeparture: () => ({
        headers: { 'x-intersect-timeout-ms': '1' },
        ended: (error) => void ended.push(error),
      }),
    },
  );
  const { headers, ended: end } = all.depart(departure, { 'x-mine': 'program' });
  expect(headers).toEqual({ traceparent: 'one', 'x-mine': 'program' });
  end('over');
  expect(ended).toEqual(['over']);
});

test('a handler is called once, within all observers, whatever one of them throws', () => {
  const calls: string[] = [];
  const around = (name: string): Observer => ({
    aroundWork(_work, run) {
      calls.push(`${name} in`);
      const given = run();
      calls.push(`${name} out`);
      return given;
    },
  });
  const broken = {
    aroundWork: (): never => {
      throw new Error('broken');
    },
  };
  const { all, errors } = observersOf(around('a'), broken, around('b'));
  expect(all.around(work, () => calls.push('handler'))).toBe(3);
  expect(calls).toEqual(['b in', 'a in', 'handler', 'a out', 'b out']);
  expect(errors).toEqual([new Error('broken')]);
  // What the handler throws is its own.
  const thrown = new Error('of the handler');
  expect(() =>
    all.around(work, () => {
      throw thrown;
    }),
  ).toThrow(thrown);
  expect(errors).toHaveLength(2);
});

test('nothing is asked where no observer wants to know', () => {
  const { all } = observersOf({ onMessage: () => {} });
  expect([all.seesDepartures, all.seesWork, all.watching]).toEqual([false, false, true]);
});
