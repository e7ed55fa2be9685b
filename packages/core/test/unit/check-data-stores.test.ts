import { describe, expect, test } from 'vitest';
import type { DataStore, Issue } from '../../src/index.js';
import { dataStores } from '../../src/internal.js';

const store: DataStore = {
  url: 'http://127.0.0.1:9000',
  put: async () => ({ url: '', bucket: '', objectId: '' }),
  get: async () => ({ body: new ReadableStream(), contentType: '' }),
  delete: async () => {},
};

function check(input: unknown) {
  const issues: Issue[] = [];
  return { stores: dataStores().read({ value: input, issues, path: 'dataStores' }), issues };
}
const pathsOf = (input: unknown) => check(input).issues.map(({ path }) => path);

/** As a store may be made: its methods are those of a class. */
class MyStore implements DataStore {
  readonly url = 'https://store.lab';
  readonly alsoKnownAs = ['http://10.0.0.7:9000'];
  put = store.put;
  get = store.get;
  delete = store.delete;
  presign(): Promise<string> {
    return Promise.resolve('');
  }
}

describe('data stores', () => {
  test('are taken as a list, whatever they are made of', () => {
    const given = [store, new MyStore()];
    expect(check(given)).toEqual({ stores: given, issues: [] });
    expect(check([])).toEqual({ stores: [], issues: [] });
    expect(check(undefined)).toEqual({ stores: [], issues: [] });
  });

  test('of a configuration file are checked, and are given as they are', () => {
    const one = { username: 'u', password: 'p', host: 'https://store.lab', port: 9000 };
    expect(check({ minio: [one] })).toEqual({ stores: [one], issues: [] });
    expect(check({ minio: [] })).toEqual({ stores: [], issues: [] });
    expect(check({})).toEqual({ stores: [], issues: [] });
    expect(pathsOf({ minio: [{ username: '', port: 0 }], s3: [] })).toEqual([
      'dataStores.minio[0].username',
      'dataStores.minio[0].password',
      'dataStores.minio[0].port',
      'dataStores.s3',
    ]);
  });

  test.each([
    ['one alone', store, 'got one data store'],
    ['a text', 'minio', 'got string'],
    ['null', null, 'got null'],
  ])('are refused as %s, with what to give instead', (_, input, got) => {
    const { issues } = check(input);
    expect(issues).toEqual([
      { path: 'dataStores', message: expect.stringContaining('must be a list of data stores') },
    ]);
    expect(issues[0]?.message).toContain(got);
  });

  test('that lack something are refused with all that is wrong, each at its place', () => {
    const bad = {
      url: 'store',
      put: store.put,
      alsoKnownAs: ['http://ok', 5],
      presign: 'yes',
      unclaimed: [],
    };
    expect(pathsOf([store, bad, 7, { ...store, alsoKnownAs: 'x' }])).toEqual([
      'dataStores[1].get',
      'dataStores[1].delete',
      'dataStores[1].presign',
      'dataStores[1].unclaimed',
      'dataStores[1].url',
      'dataStores[1].alsoKnownAs[1]',
      'dataStores[2]',
      'dataStores[3].alsoKnownAs',
    ]);
  });

  test('whose URL has credentials are refused, and these are not shown', () => {
    const { issues } = check([{ ...store, url: 'http://me:hidden@127.0.0.1:9000' }]);
    expect(issues).toEqual([
      { path: 'dataStores[0].url', message: expect.stringContaining('user or a password') },
    ]);
    expect(JSON.stringify(issues)).not.toContain('hidden');
  });
});
