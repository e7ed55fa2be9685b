import { afterEach, expect, test, vi } from 'vitest';
import { cannotCompile } from '../../src/check/cannot-compile.js';
import { refusalOf } from './checking.js';

afterEach(() => vi.unstubAllGlobals());

test('where code cannot be made from text, that is said, and no schema is blamed', () => {
  vi.stubGlobal('Function', function forbidden(): never {
    throw new EvalError('Code generation from strings disallowed for this context');
  });
  const [said, ...others] = refusalOf({ type: 'integer' });
  expect(others).toEqual([]);
  expect(said).toContain('code that is made from text, which is forbidden here');
});

test.each([
  Object.assign(new Error("Cannot find module 'ajv/dist/2020.js'"), { code: 'MODULE_NOT_FOUND' }),
  Object.assign(new Error("Cannot find package 'ajv'"), { code: 'ERR_MODULE_NOT_FOUND' }),
  new ReferenceError('require is not defined'),
  new Error('Dynamic require of "ajv/dist/2020.js" is not supported'),
])('where the validator cannot be loaded, that is said: %s', (cause) => {
  const error = cannotCompile(cause);
  expect(error.issues).toEqual([
    { path: '', message: expect.stringContaining('ajv, which could not be loaded') },
  ]);
  expect(error.cause).toBe(cause);
});

test('what else goes wrong is the schema', () => {
  expect(cannotCompile(new Error('unknown')).issues[0]?.message).toContain('not valid JSON Schema');
  expect(cannotCompile(new RangeError('stack')).issues[0]?.message).toBe('is nested too deep');
});
