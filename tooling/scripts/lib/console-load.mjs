// The console's page in a real browser before a service that emits many events a second, while somebody types.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { Program } from './program.mjs';
import { root } from './root.mjs';

/** @typedef {import('playwright-core').Page} Page */
/**
 * @typedef {object} LoadFigures
 * @property {number} sent Events that the broker took.
 * @property {number} seen Points of the plot, of which each event has one.
 * @property {number} kept Entries of the timeline.
 * @property {number} forgotten Older ones, which it no longer keeps.
 * @property {number} dropped Messages that the page says came too fast.
 * @property {number} tookMs How long it took to send them.
 * @property {number[]} inputMs From each press of a key to the frame that shows it.
 * @property {number[]} memoryMB Of the browser's process for the page, once a second.
 */

const SOURCE = 'load.hall.room.-.source';
const SERIES = `${SOURCE}|event|Source.tick|value`;
const KEY_EVERY_MS = 150;
const PAGE_BYTES = 4_096;

/** How much of `sorted` numbers is below. @param {readonly number[]} numbers @param {number} share */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Runs it once. The page is open and connected.
 *
 * @param {Page} page
 * @param {{ brokerUrl: string, rate: number, seconds: number, signal: AbortSignal }} options
 * @returns {Promise<LoadFigures>}
 */
export async function loadConsole(page, { brokerUrl, rate, seconds, signal }) {
  await go(page, `#/plots?series=${encodeURIComponent(SERIES)}`);
  await page.getByText('0 points').waitFor();
  await go(page, '#/timeline?kind=event');
  const box = page.getByLabel('Service', { exact: true });
  await box.waitFor();
  await page.evaluate(countInput);
  const browser = page.context().browser();
  const session = await browser?.newBrowserCDPSession();
  const source = new Program(join(root, 'tooling', 'e2e', 'test', 'fixtures', 'event-source.mjs'), {
    name: 'source of events',
    args: [String(rate), String(seconds)],
    env: { INTERSECT_BROKER_URL: brokerUrl },
  });
  /** @type {number[]} */
  const memoryMB = [];
  try {
    let isOver = false;
    const told = source.line(/sent (\d+) failed (\d+) in (\d+) ms/, signal).finally(() => {
      isOver = true;
    });
    // Typed and taken away again, as a person does who looks for something.
    let lastMemoryAt = 0;
    await box.focus();
    for (let at = 0; !isOver; at++) {
      await page.keyboard.press(at % 2 === 0 ? 's' : 'Backspace');
      await new Promise((resolve) => setTimeout(resolve, KEY_EVERY_MS));
      if (performance.now() - lastMemoryAt < 1_000 || !session) continue;
      lastMemoryAt = performance.now();
      memoryMB.push(await rendererMB(session));
    }
    const [, sent, , tookMs] = await told;
    const inputMs = await page.evaluate('inputTimes');
    await go(page, '#/timeline?kind=event');
    const timeline = await settled(page, () => timelineCounts(page));
    await go(page, `#/plots?series=${encodeURIComponent(SERIES)}`);
    const seen = await settled(page, () => pointCount(page));
    return {
      ...timeline,
      seen,
      sent: Number(sent),
      tookMs: Number(tookMs),
      inputMs: /** @type {number[]} */ (inputMs),
      memoryMB,
    };
  } finally {
    await session?.detach();
    await source.stop();
  }
}

/** @param {Page} page @param {string} fragment */
async function go(page, fragment) {
  await page.evaluate((to) => location.assign(to), fragment);
}

const TARGETS = [
  { rate: 2_000, seconds: 60, mostInputMs: 100, mayDrop: false },
  { rate: 10_000, seconds: 20, mostInputMs: 200, mayDrop: true },
];
/** Of the memory in the last seconds to that after the first ones: the page is as large as it gets once its timeline is full. */
const MOST_GROWTH = 1.25;

/**
 * The whole measurement, each target with a page of its own. Prints a line for each.
 *
 * @param {string} link the console's own, with its token
 * @param {string} brokerUrl
 * @returns {Promise<boolean>} Whether every target was met.
 */
export async function measureConsole(link, brokerUrl) {
  const browser = await launchBrowser();
  let isMet = true;
  try {
    for (const { rate, seconds, mostInputMs, mayDrop } of TARGETS) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(link);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const signal = AbortSignal.timeout(seconds * 10_000);
      const figures = await loadConsole(page, { brokerUrl, rate, seconds, signal });
      await page.close();
      const { sent, seen, dropped, tookMs, inputMs, memoryMB } = figures;
      const p95 = quantile(inputMs, 0.95);
      const third = Math.ceil(memoryMB.length / 3);
      const [before, after] = [
        quantile(memoryMB.slice(third, 2 * third), 0.5),
        quantile(memoryMB.slice(-third), 0.5),
      ];
      const unaccounted = sent - seen - dropped;
      const isGood =
        p95 < mostInputMs &&
        unaccounted === 0 &&
        (mayDrop || (dropped === 0 && after / before < MOST_GROWTH));
      isMet &&= isGood;
      process.stdout.write(
        [
          `${rate} events a second for ${seconds} s: ${isGood ? 'met' : 'MISSED'}`,
          `  sent ${sent} in ${Math.round(tookMs / 100) / 10} s, seen ${seen}, counted as dropped ${dropped}, unaccounted for ${unaccounted}`,
          `  input to paint of ${inputMs.length} keys: median ${Math.round(quantile(inputMs, 0.5))} ms, p95 ${Math.round(p95)} ms (below ${mostInputMs}), longest ${Math.round(Math.max(...inputMs))} ms`,
          `  memory of the page's process: ${before} MB in the second third, ${after} MB in the last\n`,
        ].join('\n'),
      );
    }
  } finally {
    await browser.close();
  }
  return isMet;
}

/** From the time at which the browser got the key, so that a busy page counts, to after the next frame. */
const countInput = `
  globalThis.inputTimes = [];
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => inputTimes.push(performance.now() - timeStamp);
    painted.port2.postMessage(undefined);
  }), true);
`;

/**
 * What is read twice, a second apart, and is the same.
 *
 * @template T
 * @param {Page} page
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
async function settled(page, read) {
  let before = '';
  for (;;) {
    const now = await read();
    if (JSON.stringify(now) === before) return now;
    before = JSON.stringify(now);
    await page.waitForTimeout(1_000);
  }
}

/** @param {Page} page */
async function timelineCounts(page) {
  const text = (await page.locator('#content > p').first().textContent()) ?? '';
  const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  return {
    kept: number(/that fit, of (\d+)/) || number(/The newest \d+ of (\d+)/),
    forgotten: number(/(\d+) older ones are no longer kept/),
    dropped: number(/(\d+) messages came too fast/),
  };
}

/** All points that came, also those that are no longer kept. @param {Page} page */
async function pointCount(page) {
  const text = (await page.getByText(/^\d+ points/).textContent()) ?? '';
  const [, points = '0'] = /^(\d+) points/.exec(text) ?? [];
  const [, older = '0'] = /(\d+) older ones/.exec(text) ?? [];
  return Number(points) + Number(older);
}

/** @param {import('playwright-core').CDPSession} session */
async function rendererMB(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id));
  return Math.round(Math.max(0, ...pages) / 1e6);
}

/** @param {number} pid */
function residentBytes(pid) {
  try {
    const [, resident = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Number(resident) * PAGE_BYTES;
  } catch {
    // It is gone, or this is no Linux.
    return 0;
  }
}
