import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { loadClientConfig } from '../../src/index.js';

const lab = {
  protocol: 'mqtt5.0',
  username: 'lab',
  password: 'secret',
  host: 'broker.lab',
  webSocketPath: '/ws',
};

async function brokerWith(env: Record<string, string>, broker: object = lab): Promise<object> {
  const { brokers } = await loadClientConfig({ brokers: [broker] }, { env });
  return { ...brokers[0] };
}

describe('INTERSECT_BROKER_URL', () => {
  it('replaces where the broker is and how to speak to it', async () => {
    expect(await brokerWith({ INTERSECT_BROKER_URL: 'amqp://me:p%40ss@10.0.0.7:5673' })).toEqual({
      protocol: 'amqp0.9.1',
      username: 'me',
      password: 'p@ss',
      host: '10.0.0.7',
      port: 5673,
      isRoot: true,
      tls: false,
    });
  });

  it('keeps the configured user when the URL names none', async () => {
    expect(await brokerWith({ INTERSECT_BROKER_URL: 'mqtts://[::1]' })).toMatchObject({
      username: 'lab',
      password: 'secret',
      host: '::1',
      port: 8883,
      tls: true,
    });
  });

  it('takes the path of a WebSocket URL, /ws without one', async () => {
    expect(await brokerWith({ INTERSECT_BROKER_URL: 'ws://h:15675/mqtt' })).toMatchObject({
      webSocketPath: '/mqtt',
    });
    expect(await brokerWith({ INTERSECT_BROKER_URL: 'wss://h' })).toMatchObject({
      webSocketPath: '/ws',
      tls: true,
    });
  });

  it('gives way to the variables of single fields', async () => {
    const env = { INTERSECT_BROKER_URL: 'mqtt://me:pw@h:1', INTERSECT_BROKER_PORT: '2' };
    expect(await brokerWith(env)).toMatchObject({ host: 'h', port: 2 });
  });

  it.each(['http://me:hidden@h', 'mqtt://', 'nonsense hidden', 'mqtt://h/path', 'amqp://h?heartbeat=1'])(
    'refuses %s without repeating it',
    async (url) => {
      const error = await brokerWith({ INTERSECT_BROKER_URL: url }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).issues[0]?.path).toBe('INTERSECT_BROKER_URL');
      expect((error as ConfigError).message).not.toContain('hidden');
    },
  );

  it("refuses a '%' that stands for nothing", async () => {
    const failure = brokerWith({ INTERSECT_BROKER_URL: 'mqtt://lab:100%@broker.lab' });
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    await expect(failure).rejects.toMatchObject({
      issues: [{ path: 'INTERSECT_BROKER_URL', message: expect.stringContaining('%25') }],
    });
  });
});

describe('INTERSECT_BROKER_PROXY', () => {
  it('stands beside the URL and the fields of the file', async () => {
    const proxy = 'http://proxy.lab:3128';
    expect(await brokerWith({ INTERSECT_BROKER_PROXY: proxy })).toMatchObject({ host: 'broker.lab', proxy });
    const env = { INTERSECT_BROKER_URL: 'mqtts://h', INTERSECT_BROKER_PROXY: proxy };
    expect(await brokerWith(env)).toMatchObject({ host: 'h', proxy });
  });

  it('is the only variable that names a proxy', async () => {
    expect(await brokerWith({ HTTPS_PROXY: 'http://proxy.lab:3128' })).not.toHaveProperty('proxy');
  });
});
