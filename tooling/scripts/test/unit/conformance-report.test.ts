import { expect, test } from 'vitest';
import { partsOf, readOutcomes, report, withSection } from '../../lib/conformance-report.mjs';

const suite = (name: string, ...tests: [title: string, status: string, skipReason?: string][]) => ({
  assertionResults: tests.map(([title, status, skipReason]) => ({
    ancestorTitles: ['', `conformance of ${name}`],
    title,
    status,
    meta: skipReason === undefined ? {} : { skipReason },
  })),
});

const marks = partsOf(
  'a\n<!-- made by `npm run conformance`: begin -->old<!-- made by `npm run conformance`: end -->\nb',
);

test('a report counts by group, and names what was skipped and why', () => {
  const outcomes = readOutcomes({
    testResults: [
      suite('one', ['a/x: does x', 'passed'], ['b/y: takes *', 'passed']),
      suite('two', ['a/x: does x', 'passed'], ['b/y: takes * (skipped: can not)', 'skipped', 'can not']),
    ],
  });
  const lines = report(outcomes).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '| passed | a | b | all |',
      '| one | 1/1 | 1/1 | 2/2 |',
      '| two | 1/1 | 0/1 | 1/2 |',
      '- two: can not (1).',
      '  `b/y`',
      '| `b/y` | takes \\* |',
    ]),
  );
});

test('a case that is not promised counts as one that did not run', () => {
  const left = [{ id: 'b/y', title: 'takes *', skipReason: 'can not' }];
  const one = suite('one', ['a/x: does x', 'passed']);
  const title = 'what it does not promise is what it says';
  const promise = (status: string) => ({
    assertionResults: [{ ...suite('one', [title, status]).assertionResults[0], meta: { notPromised: left } }],
  });
  const run = (status: string) => readOutcomes({ testResults: [one, promise(status)] as never });
  expect(report(run('passed')).split('\n')).toEqual(
    expect.arrayContaining(['| one | 1/1 | 0/1 | 1/2 |', '- one: can not (1).', '  `b/y`']),
  );
  expect(() => run('failed')).toThrow(`one: ${title} failed`);
});

test('there is no report of a run in which a case failed, or was skipped without a reason', () => {
  const run = (status: string) => ({ testResults: [suite('one', ['a/x: does x', status])] });
  expect(() => readOutcomes(run('failed'))).toThrow('one: a/x failed');
  expect(() => readOutcomes(run('skipped'))).toThrow('one: a/x skipped');
});

test('a report replaces what stands between the marks, and nothing else', () => {
  expect(marks[1]).toBe('old');
  const [before, section, after] = partsOf(withSection(marks.join(''), 'new'));
  expect([before, section, after]).toEqual([marks[0], '\n\nnew\n\n', marks[2]]);
});

test('a README without the marks is refused', () => {
  expect(() => partsOf('# A')).toThrow('A README needs the lines');
});
