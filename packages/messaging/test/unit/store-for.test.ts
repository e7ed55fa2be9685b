import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { importPackage } from '../../src/broker-config/import-package.js';
import { storeFor } from '../../src/broker-config.js';

const login = { username: 'lab', password: 'secret-word' };

describe('a data store of a configuration file', () => {
  it.each([
    ['127.0.0.1', 9000, 'http://127.0.0.1:9000'],
    ['store.lab', undefined, 'http://store.lab'],
    ['https://store.lab', undefined, 'https://store.lab'],
    ['https://store.lab/', 9443, 'https://store.lab:9443'],
  ])('at %s, port %s, is %s in pointers', async (host, port, url) => {
    expect(await storeFor({ ...login, host, port })).toMatchObject({ url });
  });

  it('says all that is wrong with it, and not the password', async () => {
    const failure = storeFor({ ...login, host: 'store.lab/path', port: 9000 });
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    await expect(failure).rejects.not.toThrow(/secret-word/);
  });

  it('says which package to install', async () => {
    const packageName = '@intersect-sdk/data-store-that-is-not-there';
    const need = { what: 'No data store', path: 'dataStores.minio', needed: 'minio', packageName };
    await expect(importPackage(need, () => import(/* @vite-ignore */ packageName))).rejects.toMatchObject({
      issues: [{ path: 'dataStores.minio', message: expect.stringContaining(`npm install ${packageName}`) }],
    });
  });
});
