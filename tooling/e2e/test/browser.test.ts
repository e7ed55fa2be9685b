import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { IntersectService } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { Chromium, findChromium } from './support/chromium.js';
import { Counter } from './support/counter.js';
import { bundlePage } from './support/page-bundle.js';
import { PageServer, POLICY_WITHOUT_WORKERS } from './support/page-server.js';
import { WebSocketTap } from './support/web-socket-tap.js';

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
  /** When a page that waits has waited enough. */
  readonly enough?: Promise<void>;
}

/** What a page tells that runs the program in a real browser. */
async function toldBy(program: string, { settings = {}, ...options }: PageOptions = {}): Promise<unknown> {
  const scripts = (await bundlePage(program)).outputFiles;
  await using server = await PageServer.start({ scripts, settings, ...options });
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

const KEEP_ALIVES = 3;

/** What a page tells that connects and is idle for three keep-alive times, and how many connections it made. */
async function idlePage(policy: string): Promise<unknown> {
  await using broker = await startDevBroker({
    port: 0,
    webSocketPort: 0,
    origins: ['*'],
    ...credentials,
  });
  await using tap = await WebSocketTap.before(broker.webSocketUrl as string);
  const settings = { broker: { url: tap.url, ...credentials }, keepAliveS: 1 };
  const told = await toldBy(await fixture('idle-page.mjs'), {
    settings,
    policy,
    enough: tap.pinged(KEEP_ALIVES),
  });
  return { told, connections: tap.connections };
}

function fixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

const credentials = { username: 'intersect_username', password: 'intersect_password' };

const chromium = findChromium();
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';

describe('a page in Chromium', chromium === undefined ? { skip: true, meta: { skipReason } } : {}, () => {
  const outcome = {
    there: ['up', 'string', 'absent'],
    described: ['service', true, ['intersect_sdk', 'Counter']],
    answer: 'counted to 3',
    counted: [1, 2, 3],
    // By the contract in the page, where nothing may be made of text; and by the service.
    refused: 'SCHEMA_MISMATCH',
    refusedByService: 'REMOTE_ERROR',
    forbidden: [],
  };

  test('sees who is there, asks a service and watches its events, on the embedded broker', async () => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const { url, webSocketUrl = '' } = broker;
    expect(await toldByDashboard({ url, webSocketUrl, ...credentials })).toEqual(outcome);
  });

  describeWithBroker('rabbitmq', ({ mqttUrl: url, webSocketUrl, username, password }) => {
    test('sees who is there, asks a service and watches its events', async () => {
      expect(await toldByDashboard({ url, webSocketUrl, username, password })).toEqual(outcome);
    });
  });

  test.each([
    ['that says nothing of workers', ''],
    ['without workers', "; worker-src 'none'"],
    ['without frames and workers', "; child-src 'none'"],
    ['with workers of the page alone', "; worker-src 'self'"],
    ['with trusted types', "; require-trusted-types-for 'script'"],
    ['with trusted types, and none allowed', "; require-trusted-types-for 'script'; trusted-types 'none'"],
    ['with trusted types and workers', "; require-trusted-types-for 'script'; worker-src blob:"],
    ['with workers', '; worker-src blob:'],
    ['of a sandbox', '; sandbox allow-scripts'],
  ])('keeps its one connection while it is idle, under a policy %s', async (_name, more) => {
    const idle = await idlePage(`${POLICY_WITHOUT_WORKERS}${more}`);
    expect(idle).toEqual({ told: { states: ['open'] }, connections: 1 });
  });

  describe('is told what to look at', () => {
    const connecting = `
      import { mqttTransport } from '@intersect-sdk/transport-mqtt';
      const { url } = await (await fetch('/settings')).json();
      const told = await mqttTransport({ url }).connect().then(() => 'open', ({ code, message }) => ({ code, message }));
      await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
    `;
    /** What comes of connecting a page to the URL that `at` makes. */
    async function refusal(at: (broker: DevBroker) => string, policy?: string): Promise<unknown> {
      await using broker = await startDevBroker({
        port: 0,
        webSocketPort: 0,
        origins: ['https://lab.example'],
      });
      return await toldBy(connecting, { settings: { url: at(broker) }, ...(policy && { policy }) });
    }
    const says = (...words: string[]): unknown => ({
      code: 'CONNECT_REFUSED',
      message: expect.stringMatching(words.join('.*')),
    });
    const OWN_ORIGIN_ONLY = "default-src 'none'; script-src 'self'; connect-src 'self'";

    test('when the policy forbids the broker', async () => {
      const policy = 'Content-Security-Policy must allow ws://127.0.0.1';
      expect(await refusal(({ webSocketUrl }) => webSocketUrl as string, OWN_ORIGIN_ONLY)).toEqual(
        says(policy),
      );
    });

    test("when the broker refuses the page's origin", async () => {
      const origin = "broker must accept the page's origin";
      expect(await refusal(({ webSocketUrl }) => webSocketUrl as string)).toEqual(says(origin));
    });

    test('when the port is that for TCP', async () => {
      expect(await refusal(({ port }) => `ws://127.0.0.1:${port}/ws`)).toEqual(
        says('ws:// needs the port for MQTT over WebSocket'),
      );
    });

    test('when it speaks TLS to a port without', async () => {
      const url = ({ webSocketUrl = '' }: DevBroker) => webSocketUrl.replace('ws:', 'wss:');
      expect(await refusal(url, `${OWN_ORIGIN_ONLY} wss://127.0.0.1:*`)).toEqual(
        says('with or without TLS', "must trust the broker's certificate"),
      );
    });

    test('when it does not speak over WebSocket', async () => {
      expect(await refusal(({ url }) => url)).toEqual({
        code: 'PROTOCOL_REFUSED',
        message: expect.stringContaining('a browser can speak MQTT over WebSocket only'),
      });
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
