import { inspect } from 'node:util';
import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { type S3StoreOptions, s3Store } from '../../src/index.js';

const good = { url: 'http://127.0.0.1:9000', username: 'me', password: 'hidden-password' };

function pathsOf(options: unknown): string[] {
  try {
    s3Store(options as S3StoreOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toContain('hidden');
    return (error as ConfigError).issues.map(({ path }) => path);
  }
  return [];
}

describe('options', () => {
  test('that are wrong are told all at once', () => {
    expect(pathsOf({})).toEqual(['url', 'username', 'password']);
    expect(
      pathsOf({
        ...good,
        region: '',
        bucket: 'My_Bucket',
        alsoKnownAs: ['store'],
        addressing: 'dns',
        ca: 'none',
        partSizeBytes: 1024,
        stallTimeoutMs: 0,
        expireAfterDays: 0.5,
        logger: {},
        buckets: 'x',
      }),
    ).toEqual([
      'region',
      'bucket',
      'alsoKnownAs[0]',
      'addressing',
      'ca',
      'partSizeBytes',
      'stallTimeoutMs',
      'expireAfterDays',
      'logger.debug',
      'logger.info',
      'logger.warn',
      'logger.error',
      'buckets',
    ]);
  });

  test.each([
    ['ftp://store', 'must be the URL'],
    ['store.lab:9000', 'must be the URL'],
    ['http://me:hidden@store', 'user name or a password'],
    ['http://store/path', 'has no path'],
    ['http://store/?x', 'has no path'],
    [7, 'must be the URL'],
  ])('with the URL %s are refused', (url, sentence) => {
    expect(pathsOf({ ...good, url })).toEqual(['url']);
    expect(() => s3Store({ ...good, url } as S3StoreOptions)).toThrow(sentence);
  });

  test('say who asks in one way only', () => {
    const { url } = good;
    expect(pathsOf({ ...good, credentials: () => good })).toEqual(['username', 'password']);
    expect(pathsOf({ url, credentials: () => good })).toEqual([]);
    expect(pathsOf({ url, username: 'me' })).toEqual(['password']);
  });

  test('put a bucket into the host only where that is a name', () => {
    expect(pathsOf({ ...good, addressing: 'virtual-host' })).toEqual(['addressing']);
    expect(pathsOf({ ...good, url: 'http://[::1]:9000', addressing: 'virtual-host' })).toEqual([
      'addressing',
    ]);
    expect(pathsOf({ ...good, url: 'https://s3.lab', addressing: 'virtual-host' })).toEqual([]);
  });

  // As minio-py spells them, which other programs compare as text.
  test.each([
    ['HTTP://Store.LAB:9000/', 'http://store.lab:9000'],
    ['http://store.lab:80', 'http://store.lab'],
    ['https://store.lab:443', 'https://store.lab'],
    ['http://[::1]:9000', 'http://[::1]:9000'],
  ])('name the store %s as %s', (url, origin) => {
    expect(s3Store({ ...good, url }).url).toBe(origin);
    expect(s3Store({ ...good, alsoKnownAs: [url] }).alsoKnownAs).toEqual([origin]);
  });

  test('with secrets are not shown by a store that is printed', () => {
    expect(inspect(s3Store(good), { depth: 9, showHidden: true })).not.toContain('hidden');
    expect(JSON.stringify(s3Store(good))).not.toContain('hidden');
  });
});
