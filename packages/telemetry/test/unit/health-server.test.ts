import type { ConnectionState } from '@intersect-sdk/messaging';
import { healthServer } from '@intersect-sdk/telemetry/health-server';
import { describe, expect, test } from 'vitest';
import { telemetry } from '../../src/telemetry.js';

async function served(isReady?: () => boolean | Promise<boolean>) {
  const observer = telemetry();
  const server = await healthServer({ telemetry: observer, port: 0, isReady });
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
  let before: ConnectionState['state'] = 'idle';
  const connected = (state: ConnectionState['state']): void => {
    observer.onConnection?.({ broker: 'amqp://127.0.0.1:5672', state, before });
    before = state;
  };
  return { ask, connected, observer, server, [Symbol.asyncDispose]: () => server.close() };
}

describe('the health server', () => {
  test('is live at once, and ready while the brokers are connected', async () => {
    await using at = await served();
    expect(await at.ask('/live')).toEqual({ status: 200, text: 'live\n' });
    expect((await at.ask('/ready')).status).toBe(503);
    at.connected('open');
    expect(await at.ask('/ready')).toEqual({ status: 200, text: 'ready\n' });
    // Another client of the process is connected, and does not hide it.
    at.observer.onConnection?.({ broker: 'amqp://127.0.0.1:5672', state: 'open', before: 'idle' });
    at.connected('reconnecting');
    expect(await at.ask('/ready')).toEqual({ status: 503, text: 'not ready\n' });
  });

  test.each<[string, () => boolean | Promise<boolean>]>([
    ['says no', () => false],
    ['throws', () => Promise.reject(new Error('the instrument is away'))],
  ])('is not ready where the program %s', async (_how, isReady) => {
    await using at = await served(isReady);
    at.connected('open');
    expect((await at.ask('/ready')).status).toBe(503);
    expect((await at.ask('/live')).status).toBe(200);
  });

  test('tells Prometheus of connections that were made again', async () => {
    await using at = await served();
    at.connected('open');
    at.connected('reconnecting');
    at.connected('open');
    const { text } = await at.ask('/metrics?from=prometheus');
    expect(text).toContain('intersect_broker_reconnects_total{broker="amqp://127.0.0.1:5672"} 1\n');
    expect(text).toContain('intersect_broker_connections{broker="amqp://127.0.0.1:5672"} 1\n');
  });

  test('has nothing else, and takes nothing', async () => {
    await using at = await served();
    expect((await at.ask('/')).status).toBe(404);
    expect((await at.ask('/constructor')).status).toBe(404);
    expect((await at.ask('/live', 'POST')).status).toBe(405);
  });

  test('rejects where the port is in use, and can be closed twice', async () => {
    await using at = await served();
    await expect(healthServer({ telemetry: at.observer, port: at.server.port })).rejects.toThrow(
      'EADDRINUSE',
    );
    await at.server.close();
    await at.server.close();
  });
});
