import { TransportError } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import {
  askCredentials,
  type CredentialsSource,
  type GivenCredentials,
  type OptionalCredentials,
  optionalCredentialsOf,
  readCredentials,
} from '../../../src/endpoint.js';
import { issuesOf, reading } from './reading.js';

const login = { username: 'u', password: 'p' };
const broker = 'amqp://b:5672';

function ask(
  source: unknown,
  more: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly required?: boolean } = {},
) {
  const options = { broker, timeoutMs: 1_000, signal: new AbortController().signal, ...more };
  return askCredentials(source as CredentialsSource<OptionalCredentials>, options);
}

describe('asking', () => {
  test('gives what the source gives, at once or later, and what is left of the time', async () => {
    expect(await ask(() => login)).toEqual({ credentials: login, leftMs: expect.any(Number) });
    const { leftMs } = await ask(async () => login, { timeoutMs: 500 });
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(500);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('the vault is locked');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the vault is locked'))],
  ])('a source that %s is a fault that may pass', async (_, source) => {
    const error = await ask(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({
      code: 'CONNECT_REFUSED',
      retryable: true,
      cause: { message: 'the vault is locked' },
    });
    expect((error as Error).message).toContain(broker);
  });

  test('a source that is late is a fault that may pass', async () => {
    vi.useFakeTimers();
    try {
      const asked = ask(() => new Promise(() => {}), { timeoutMs: 70 });
      const refused = expect(asked).rejects.toMatchObject({
        code: 'CONNECT_TIMEOUT',
        retryable: true,
        message: expect.stringContaining('within 70 ms'),
      });
      await vi.advanceTimersByTimeAsync(70);
      await refused;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([undefined, null, 'u:p', {}, { username: 'u' }, { username: 'u', password: 5 }])(
    'a source that gives %j is refused for ever',
    async (given) => {
      await expect(ask(() => given)).rejects.toMatchObject({ code: 'AUTH_REFUSED', retryable: false });
    },
  );

  test.each([{}, { username: 'u' }, { password: 'p' }])(
    '%j will do where nothing is required',
    async (given) => {
      expect((await ask(() => given, { required: false })).credentials).toEqual(given);
    },
  );

  test.each([undefined, 'u:p', { username: 5 }])('%j will not, there either', async (given) => {
    await expect(ask(() => given, { required: false })).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
  });

  test('nothing that is given in the wrong form is repeated', async () => {
    const error = await ask(() => ({ token: 'SECRET', password: ['SECRET'] })).catch((thrown) => thrown);
    expect(JSON.stringify(error) + error.message).not.toContain('SECRET');
  });

  test('a signal ends the asking, and one that has aborted asks nobody', async () => {
    const abort = new AbortController();
    const asked = ask(() => new Promise(() => {}), { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    const source = vi.fn();
    await expect(ask(source, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(source).not.toHaveBeenCalled();
  });
});

describe('reading', () => {
  const url = {
    ...{ scheme: 'amqp', tls: false, host: 'b', port: 1, after: undefined },
    ...{ username: undefined, password: undefined },
  };

  test.each([
    ['two fields', login, undefined],
    ['a function', { credentials: () => login }, undefined],
    ['a URL', {}, { ...url, ...login }],
    ['fields beside a URL without them', login, url],
  ])('from %s', async (_, given, from) => {
    const source = reading(given, (fields) => {
      fields.raw('url');
      return readCredentials(fields, from);
    });
    expect(await source()).toEqual(login);
  });

  test('both may be missing where they are optional', async () => {
    expect(await reading({}, (fields) => optionalCredentialsOf(fields, {} as GivenCredentials))()).toEqual(
      {},
    );
    expect(Object.keys(issuesOf({}, (fields) => readCredentials(fields)))).toEqual(['username', 'password']);
  });

  test.each([
    [{ ...login, credentials: () => login }, ['username', 'password']],
    [{ credentials: login }, ['credentials']],
    [{ username: '', password: 5 }, ['username', 'password']],
  ])('%j is refused', (given, paths) => {
    expect(Object.keys(issuesOf(given, (fields) => readCredentials(fields)))).toEqual(paths);
  });

  test('what a URL has must not be given again', () => {
    const given = { url: 'amqp://u:p@b', username: 'u', credentials: () => login };
    const found = issuesOf(given, (fields) => readCredentials(fields, { ...url, ...login }));
    expect(Object.keys(found)).toEqual(['username', 'credentials']);
  });
});
