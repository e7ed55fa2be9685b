import { createRequire } from 'node:module';
import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { importTransport } from '../../src/broker-config/import-transport.js';

const absent = '@intersect-sdk/transport-that-is-not-there';

describe('importing the package of a transport', () => {
  it.each([
    ['import', () => import(/* @vite-ignore */ absent)],
    ['require', async () => createRequire(import.meta.url)(absent) as unknown],
  ])('says which package to install when %s does not find it', async (_, load) => {
    const failure = importTransport('amqp0.9.1', absent, load);
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    await expect(failure).rejects.toMatchObject({
      issues: [{ path: 'protocol', message: expect.stringContaining(`npm install ${absent}`) }],
    });
  });

  it('does not hide that the package itself is broken', async () => {
    const load = () => import(/* @vite-ignore */ `${absent}-dependency`);
    await expect(importTransport('mqtt5.0', absent, load)).rejects.not.toBeInstanceOf(ConfigError);
  });
});
