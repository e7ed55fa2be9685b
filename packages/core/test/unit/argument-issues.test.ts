import { argumentIssues, argumentSentence } from '@intersect-sdk/core/internal';
import { expect, test } from 'vitest';

test('the problems of an argument are read as they were written', () => {
  const issues = [
    { path: '', message: 'must be an object' },
    { path: 'samples[0].mass', message: 'must be a number: and more than 0' },
    { path: 'name', message: 'must match ^a: b$' },
  ];
  const sentence = argumentSentence('Cap.do', issues);
  expect(sentence.split('\n')[0]).toBe('The argument does not fit operation Cap.do:');
  expect(argumentIssues(sentence)).toEqual(issues);
});

test('a problem of several lines stays one', () => {
  const sentence = argumentSentence('Cap.do', [{ path: 'a', message: 'must\n  be\nshort' }]);
  expect(argumentIssues(sentence)).toEqual([{ path: 'a', message: 'must be short' }]);
});

test.each(['', 'not today', 'Operation Cap.do failed inside the service.', 'a: b\nc: d'])(
  'in %j there are none',
  (sentence) => expect(argumentIssues(sentence)).toEqual([]),
);
