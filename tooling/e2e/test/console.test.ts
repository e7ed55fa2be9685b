// The console in a real browser, with services of both SDKs.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { IntersectClient } from '@intersect-sdk/client';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { IntersectService } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { BrokerConfig } from '@intersect-sdk/transport/endpoint';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { Instrument } from './support/instrument.js';

const credentials = { username: 'intersect_username', password: 'intersect_password' };
const chromium = findChromium() ?? '';
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';
const hierarchy = { organization: 'lab', facility: 'hall', system: 'room' };

/** An instrument whose operations answer with what they got. */
async function instrument(broker: BrokerConfig) {
  const got: unknown[] = [];
  const echo = <T>(argument: T): T => {
    got.push(argument);
    return argument;
  };
  const implemented = Instrument.implement({
    scan: echo,
    configure: echo,
    move: echo,
    refuse: () => {
      throw new Error('never');
    },
    status: () => ({ temperature: 21.5 }),
  });
  const service = new IntersectService([implemented], {
    brokers: [broker],
    hierarchy: { ...hierarchy, service: `instrument-${randomUUID()}` },
  });
  await service.startup();
  return { service, got, measured: (value: number) => implemented.emit('measured', { value }) };
}

function formOf(address: string, operation: string): string {
  return `#/services/${address}/operations/Instrument.${operation}`;
}

/** Types into the field that has the focus after some steps by the Tab key. */
async function type(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().focus();
  await page.keyboard.press('Enter');
}

const WRONG = /wrong\. Nothing was sent/;

function aboutConsole(place: () => { readonly config: BrokerConfig; readonly url: string }): void {
  let shown: ConsolePage;
  let lab: Awaited<ReturnType<typeof instrument>>;
  beforeAll(async () => {
    shown = await ConsolePage.open({ chromium, broker: place().url });
    lab = await instrument(place().config);
  });
  afterAll(async () => {
    await shown[Symbol.asyncDispose]();
    await lab.service.shutdown();
  });

  test('shows services as they appear and as they vanish', async () => {
    const { page } = shown;
    await shown.go('#/services');
    const passing = await instrument(place().config);
    const row = page.getByRole('row', { name: passing.service.address });
    await row.getByText('up', { exact: true }).waitFor();
    await passing.service.shutdown();
    await row.getByText('down', { exact: true }).waitFor();
  });

  test('marks each wrong value at its field, sends nothing then, and what is right once it is', async () => {
    const { page } = shown;
    await shown.go(formOf(lab.service.address, 'scan'));
    await type(page, 'Name*', 'Not Small');
    await type(page, 'Steps*', '0');
    await type(page, 'X*', '-1');
    await press(page, /^Send/);
    await page.getByText(WRONG).waitFor();
    const problemAt = (label: string) =>
      page.getByLabel(label, { exact: true }).evaluate((field) => {
        const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
        return ids.map((id) => document.getElementById(id)?.textContent ?? '').join('');
      });
    expect(await problemAt('Name*')).toContain('must match the pattern');
    expect(await problemAt('Steps*')).toContain('must be at least 1');
    expect(await problemAt('X*')).toContain('must be at least 0');
    expect(await problemAt('Y*')).toContain('is required');
    expect(lab.got).toEqual([]);

    await type(page, 'Name*', 'small');
    await type(page, 'Steps*', '7');
    await type(page, 'X*', '1.5');
    await type(page, 'Y*', '-2');
    await type(page, 'First*', '3');
    await type(page, 'Second*', 'b');
    await press(page, /^Send/);
    await page.getByText('Answered after').waitFor();
    expect(lab.got).toEqual([
      { name: 'small', steps: 7, from: { x: 1.5, y: -2 }, limit: null, tags: [], pair: [3, 'b'] },
    ]);
  });

  test('asks once before it runs again, and restores what was typed when the page is loaded again', async () => {
    const { page } = shown;
    await press(page, 'Send again');
    await page.getByRole('alertdialog').waitFor();
    await press(page, 'Do not send');
    await page.reload();
    await page.getByLabel('Name*', { exact: true }).waitFor();
    expect(await page.getByLabel('Name*', { exact: true }).inputValue()).toBe('small');
    expect(lab.got).toHaveLength(1);
  });

  test('fills a map, and chooses the form of a union by its title', async () => {
    const { page } = shown;
    lab.got.length = 0;
    await shown.go(formOf(lab.service.address, 'configure'));
    await press(page, 'As JSON');
    await type(page, 'Argument as JSON', '{"gain": [1, 2.5], "mode": "fast", "off": null}');
    await press(page, /^Send/);
    await page.getByText('Answered after').waitFor();
    expect(lab.got).toEqual([{ gain: [1, 2.5], mode: 'fast', off: null }]);

    await shown.go(formOf(lab.service.address, 'move'));
    await page.getByLabel(/Kind of Move/).selectOption('Arc');
    await type(page, 'Radius*', '4');
    await press(page, /^Send/);
    await page.getByText('Answered after').waitFor();
    expect(lab.got.at(-1)).toEqual({ kind: 'arc', radius: 4 });
  });

  test('says what the service answers where that is an error', async () => {
    const { page } = shown;
    await shown.go(formOf(lab.service.address, 'refuse'));
    await type(page, 'Number', '4');
    await press(page, /^Send/);
    await page.getByText('The service refused it').waitFor();
  });

  test('finds a request of somebody else with its answer', async () => {
    const { page } = shown;
    const asker = new IntersectClient({ brokers: [place().config] });
    await asker.startup();
    const word = randomUUID();
    await shown.go(`#/timeline?text=${word}`);
    await expect
      .poll(async () => {
        // Requests are watched at services that are there, which the page has to find out first.
        await asker.request({
          destination: lab.service.address,
          operation: 'Instrument.configure',
          payload: { word },
        });
        return page.getByText(/^\d+ of \d+ that fit/).count();
      })
      .toBeGreaterThan(0);
    await asker.shutdown();
    await page.getByRole('link', { name: 'Instrument.configure' }).first().click();
    const details = page.getByLabel('Details');
    await details.getByText(word).first().waitFor();
    expect(await details.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      expect.stringContaining('request'),
      expect.stringContaining('answer'),
    ]);
  });

  test('plots an event as it comes', async () => {
    const { page } = shown;
    const series = `${lab.service.address}|event|Instrument.measured|value`;
    await shown.go(`#/plots?series=${encodeURIComponent(series)}`);
    await page.getByText('0 points').waitFor();
    let value = 0;
    await expect
      .poll(async () => {
        await lab.measured(value++);
        return page.getByText(/^[3-9] points/).count();
      })
      .toBe(1);
    expect(await page.locator('.plot canvas').count()).toBe(1);
  });

  test('has nothing serious that keeps anybody out, on any page', async () => {
    const { page } = shown;
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const { address } = lab.service;
    const found: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const fragment of [
        '#/services',
        `#/services/${address}`,
        `#/services/${address}/events`,
        `#/services/${address}/status`,
        `#/services/${address}/schema`,
        formOf(address, 'scan'),
        formOf(address, 'move'),
        formOf(address, 'configure'),
        '#/timeline',
        '#/plots',
        '#/saved',
      ]) {
        await shown.go(fragment);
        await page.getByRole('heading', { level: 1 }).waitFor();
        found.push(...(await seriousIn(page, axe)).map((violation) => `${scheme} ${fragment}: ${violation}`));
      }
    }
    expect(found).toEqual([]);
  });

  test('is never complained of by the browser', () => {
    expect(shown.complaints).toEqual([]);
  });
}

/** What axe finds serious or worse. */
async function seriousIn(page: Page, axe: string): Promise<string[]> {
  // Evaluated by the debugger, which no policy of the page forbids.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | '))))`,
    awaitPromise: true,
  });
  await session.detach();
  return JSON.parse(String(result.value)) as string[];
}

describe('the console', chromium === '' ? { skip: true, meta: { skipReason } } : {}, () => {
  describe('on the embedded broker', () => {
    let broker: DevBroker;
    const place = () => {
      const { port } = broker;
      const config: BrokerConfig = { protocol: 'mqtt5.0', host: '127.0.0.1', port, ...credentials };
      return { config, url: `mqtt://${credentials.username}:${credentials.password}@127.0.0.1:${port}` };
    };
    beforeAll(async () => {
      broker = await startDevBroker({ port: 0 });
    });
    afterAll(() => broker.stop());
    aboutConsole(place);
  });

  describeWithBroker('rabbitmq', ({ amqpUrl, username, password }) => {
    describe('on RabbitMQ, which is reached by AMQP', () => {
      const { hostname: host, port, host: hostAndPort } = new URL(amqpUrl);
      aboutConsole(() => ({
        config: { protocol: 'amqp0.9.1', host, port: Number(port), username, password },
        url: `amqp://${username}:${password}@${hostAndPort}`,
      }));
    });
  });

  test('says when the connection is lost, and what was missed when it is back', async () => {
    let broker = await startDevBroker({ port: 0 });
    const { port } = broker;
    const url = `mqtt://${credentials.username}:${credentials.password}@127.0.0.1:${port}`;
    await using shown = await ConsolePage.open({ chromium, broker: url });
    await shown.page.getByText('Connected', { exact: true }).waitFor();
    await broker.stop();
    await shown.page.getByText(/The connection to .* is lost/).waitFor();
    broker = await startDevBroker({ port });
    await shown.page.getByText(/Nothing was seen of what passed from/).waitFor();
    await broker.stop();
  });

  test('sends nothing where it is read-only', async () => {
    await using broker = await startDevBroker({ port: 0 });
    const config: BrokerConfig = {
      protocol: 'mqtt5.0',
      host: '127.0.0.1',
      port: broker.port,
      ...credentials,
    };
    const url = `mqtt://${credentials.username}:${credentials.password}@127.0.0.1:${broker.port}`;
    await using shown = await ConsolePage.open({ chromium, broker: url, args: ['--read-only'] });
    const lab = await instrument(config);
    await shown.page.getByRole('link', { name: lab.service.address }).waitFor();
    await shown.go(formOf(lab.service.address, 'refuse'));
    await shown.page.getByText('This console is read-only.').waitFor();
    expect(await shown.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await lab.service.shutdown();
  });

  test('asks who one is where the page speaks to the broker itself', async () => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0, ...credentials });
    await using shown = await ConsolePage.open({ chromium, broker: broker.webSocketUrl ?? '' });
    const { page } = shown;
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(credentials.password);
    await page.keyboard.press('Enter');
    const config: BrokerConfig = {
      protocol: 'mqtt5.0',
      host: '127.0.0.1',
      port: broker.port,
      ...credentials,
    };
    await page.getByText('No service has been seen yet').waitFor();
    const lab = await instrument(config);
    await page.getByRole('link', { name: lab.service.address }).waitFor();
    await lab.service.shutdown();
  });
});
