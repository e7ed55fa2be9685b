import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/command-line.js';
import { packageManager } from '../../src/install.js';
import { Problem } from '../../src/problem.js';

const read = (...words: string[]) => readCommandLine(words, '/home/me');

test('what is left out has a default', () => {
  expect(read()).toEqual({
    folder: '/home/me/my-lab',
    given: 'my-lab',
    name: 'my-lab',
    template: 'service',
    packages: undefined,
    install: true,
  });
  expect(read('.', '-t', 'full', '--packages', 'packed', '--no-install')).toEqual({
    folder: '/home/me',
    given: '.',
    name: 'me',
    template: 'full',
    packages: '/home/me/packed',
    install: false,
  });
  expect(read('--help', 'lab')).toBeUndefined();
});

test.each([
  [['lab', '--template', 'toString'], /There is no template 'toString'\. There are:\n {2}service /],
  [['lab', '--what'], /Unknown option '--what'[\s\S]*Usage: npm create intersect/],
  [['a', 'b'], /these are 2: a, b/],
  [['_lab'], /'_lab' can't be the name of a package: .*; take lab, for one\./],
  [['Ä'], /'Ä' can't be the name of a package: .*and '-'\.$/],
])('%j is refused in a sentence', (words, sentence) => {
  expect(() => read(...words)).toThrow(Problem);
  expect(() => read(...words)).toThrow(sentence);
});

test('packages are installed by who started the program', () => {
  expect(packageManager('pnpm/10.1.0 npm/? node/v20')).toBe('pnpm');
  expect(packageManager('something/1')).toBe('npm');
  expect(packageManager()).toBe('npm');
});
