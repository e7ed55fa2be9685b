import { describe, expect, test } from 'vitest';
import {
  CapabilityError,
  ConfigError,
  ERROR_CODES,
  IntersectError,
  type Issue,
  isIntersectError,
  MessageError,
  PublishError,
  RequestError,
  TransportError,
  ValidationError,
} from '../../src/index.js';
import { FieldReader, kindOf, throwConfigError } from '../../src/internal.js';

describe('errors', () => {
  test('carry their code, and whether trying again can help', () => {
    const error = new TransportError('CONNECTION_LOST', 'gone', { cause: new Error('vendor') });
    expect(error).toMatchObject({ name: 'TransportError', code: 'CONNECTION_LOST', retryable: true });
    expect(error.cause).toEqual(new Error('vendor'));
    expect(new TransportError('AUTH_REFUSED', 'no').retryable).toBe(false);
  });

  test('are told apart by class', () => {
    const error: unknown = new PublishError('UNROUTABLE', 'nobody');
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toBeInstanceOf(IntersectError);
    expect(error).not.toBeInstanceOf(MessageError);
    expect(error).not.toBeInstanceOf(RequestError);
    expect(new ValidationError('bad', [])).toBeInstanceOf(MessageError);
    expect([isIntersectError(error), isIntersectError(new Error('x')), isIntersectError(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('of another copy of this package are recognised', () => {
    const foreign = Object.assign(new Error('from the other build'), {
      [Symbol.for('intersect-sdk.error')]: ['CapabilityError', 'IntersectError', 'Error'],
    });
    expect(foreign).toBeInstanceOf(CapabilityError);
    expect(foreign).not.toBeInstanceOf(TransportError);
  });

  test('have name and sentence in JSON, and neither cause nor stack', () => {
    const error = new RequestError('REQUEST_TIMEOUT', 'nobody answered', {
      requestId: 'r',
      destination: 'a.b.c.-.d',
      operation: 'Lab.rest',
      cause: new Error('vendor'),
    });
    expect(JSON.parse(JSON.stringify({ error })).error).toEqual({
      name: 'RequestError',
      message: 'nobody answered',
      code: 'REQUEST_TIMEOUT',
      retryable: true,
      mayHaveRun: true,
      requestId: 'r',
      destination: 'a.b.c.-.d',
      operation: 'Lab.rest',
      issues: [],
      furtherHeaders: {},
    });
  });

  test('say every issue in their message', () => {
    const error = new ConfigError('The options cannot be used', [
      { path: 'port', message: 'must be at least 1' },
      { path: '', message: 'is odd' },
    ]);
    expect(error.message).toBe('The options cannot be used: port: must be at least 1; is odd');
  });

  test('every code has a class that exists, and a sentence', () => {
    const classes = new Set(Object.values(ERROR_CODES).map(({ thrownAs }) => thrownAs));
    expect([...classes].sort()).toEqual([
      'CapabilityError',
      'ConfigError',
      'DataError',
      'IllegalStateError',
      // Of `@intersect-sdk/testing`.
      'LabError',
      'MessageError',
      'PublishError',
      'RequestError',
      'SubscribeError',
      'TransportError',
      'ValidationError',
    ]);
    for (const { meaning } of Object.values(ERROR_CODES)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
});

describe('reading untrusted fields', () => {
  const read = (input: unknown) => {
    const issues: Issue[] = [];
    const reader = new FieldReader(input, issues, 'options');
    const result = {
      name: reader.requiredText('name', { minLength: 1 }),
      kind: reader.text('kind', 'a', { oneOf: ['a', 'b'] }),
      count: reader.number('count', 3, { min: 1, max: 10, integer: true }),
      ratio: reader.number('ratio', undefined, { below: 1 }),
      on: reader.boolean('on', true),
      done: reader.callback<() => void>('done'),
      items: reader.list('items', (value, path) => `${path}=${kindOf(value)}`),
    };
    reader.rejectUnknown();
    return { result, issues };
  };

  test('good fields are taken, missing ones get their defaults', () => {
    const { result, issues } = read({ name: 'n', items: [1, null] });
    expect(issues).toEqual([]);
    expect(result).toEqual({
      name: 'n',
      kind: 'a',
      count: 3,
      ratio: undefined,
      on: true,
      done: undefined,
      items: ['options.items[0]=number', 'options.items[1]=null'],
    });
  });

  test('every bad field is named, and no value is shown', () => {
    const { issues } = read({
      name: '',
      kind: 'secret',
      count: 1.5,
      ratio: 1,
      on: 'secret',
      done: {},
      items: 'secret',
      more: 'secret',
    });
    expect(issues.map(({ path }) => path)).toEqual(
      ['name', 'kind', 'count', 'ratio', 'on', 'done', 'items', 'more'].map((name) => `options.${name}`),
    );
    expect(JSON.stringify(issues)).not.toContain('secret');
  });

  test('what is no object is one issue, not one for each field', () => {
    expect(read('text').issues).toEqual([{ path: 'options', message: 'must be an object, got string' }]);
  });

  test('fields of a prototype do not count', () => {
    expect(read(Object.create({ name: 'n' })).issues.map(({ path }) => path)).toEqual(['options.name']);
  });

  test('issues become one ConfigError', () => {
    expect(() => throwConfigError('fine', [])).not.toThrow();
    expect(() => throwConfigError('bad', read({}).issues)).toThrow(ConfigError);
  });
});
