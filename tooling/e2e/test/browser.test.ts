import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { IntersectService } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { Chromium, findChromium } from './support/chromium.js';
import { Counter } from './support/counter.js';
import { bundlePage } from './support/page-bundle.js';
import { PageServer, POLICY_WITHOUT_WORKERS } from './support/page-server.js';

interface Broker {
  /** For the service, and for the page. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly username: string;
  readonly password: string;
}

interface PageOptions {
  readonly settings?: unknown;
  /** Default: a strict Content-Security-Policy that lets the page make workers. */
  readonly policy?: string;
}

/** What a page tells that runs the program in a real browser. */
async function toldBy(program: string, { settings = {}, policy }: PageOptions = {}): Promise<unknown> {
  const scripts = (await bundlePage(program)).outputFiles;
  await using server = await PageServer.start({ scripts, settings, policy });
  await using browser = await Chromium.open(chromium as string, server.url);
  return await Promise.race([server.told, browser.crashed]);
}

/** What the dashboard tells that asks a service and watches its events. */
async function toldByDashboard({ url, webSocketUrl, username, password }: Broker): Promise<unknown> {
  const implemented = Counter.implement({
    count: async (last) => {
      for (let number = 1; number <= last; number++) await implemented.emit('counted', number);
      return `counted to ${last}`;
    },
  });
  await using service = new IntersectService([implemented], {
    brokers: [mqttTransport({ url, username, password })],
    hierarchy: {
      organization: 'lab',
      facility: 'building',
      system: 'room',
      service: `counter-${randomUUID()}`,
    },
  });
  await service.startup();
  const settings = { broker: { url: webSocketUrl, username, password }, service: service.address };
  return await toldBy(await fixture('dashboard.mjs'), { settings });
}

interface Idling {
  readonly policy: string;
  readonly keepAliveS: number;
  /** How many keep-alive times it waits. */
  readonly keepAlives: number;
}

/** What a page tells that connects, does nothing for a while, and ends. */
async function toldByIdlePage({ policy, ...idling }: Idling): Promise<unknown> {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0, ...credentials });
  const settings = { broker: { url: broker.webSocketUrl, ...credentials }, ...idling };
  return await toldBy(await fixture('idle-page.mjs'), { settings, policy });
}

function fixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

const credentials = { username: 'intersect_username', password: 'intersect_password' };

const chromium = findChromium();
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';

describe('a page in Chromium', chromium === undefined ? { skip: true, meta: { skipReason } } : {}, () => {
  const outcome = {
    answer: 'counted to 3',
    counted: [1, 2, 3],
    // By the contract in the page, where nothing may be made of text; and by the service.
    refused: 'SCHEMA_MISMATCH',
    refusedByService: 'REMOTE_ERROR',
    forbidden: [],
  };

  test('asks a service and watches its events, on the embedded broker', async () => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const { url, webSocketUrl = '' } = broker;
    expect(await toldByDashboard({ url, webSocketUrl, ...credentials })).toEqual(outcome);
  });

  describeWithBroker('rabbitmq', ({ mqttUrl: url, webSocketUrl, username, password }) => {
    test('asks a service and watches its events', async () => {
      expect(await toldByDashboard({ url, webSocketUrl, username, password })).toEqual(outcome);
    });
  });

  test.fails('keeps its connection while it is idle, where workers are forbidden', async () => {
    const page = { policy: POLICY_WITHOUT_WORKERS, keepAliveS: 2, keepAlives: 3 };
    expect(await toldByIdlePage(page)).toEqual({ states: ['open'] });
  });

  test.fails('connects where scripts may only be made from trusted types', async () => {
    const policy = `${POLICY_WITHOUT_WORKERS}; require-trusted-types-for 'script'`;
    const page = { policy, keepAliveS: 1, keepAlives: 0 };
    expect(await toldByIdlePage(page)).toEqual({ states: ['open'] });
  });

  test('is told of the policy when a broker that it forbids cannot be reached', async () => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const program = `
      import { mqttTransport } from '@intersect-sdk/transport-mqtt';
      const { url } = await (await fetch('/settings')).json();
      const told = await mqttTransport({ url }).connect().then(() => 'open', ({ code, message }) => ({ code, message }));
      await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
    `;
    const settings = { url: broker.webSocketUrl };
    const policy = "default-src 'none'; script-src 'self'; connect-src 'self'";
    expect(await toldBy(program, { settings, policy })).toEqual({
      code: 'CONNECT_REFUSED',
      message: expect.stringContaining('Content-Security-Policy must allow ws://127.0.0.1'),
    });
  });

  test('is told on if it does what the policy forbids', async () => {
    const program = `
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        fetch('/told', { method: 'POST', body: JSON.stringify([violatedDirective, blockedURI]) }));
      try { globalThis.made = new Function('return 1'); } catch {}
    `;
    expect(await toldBy(program)).toEqual(['script-src', 'eval']);
  });
});
