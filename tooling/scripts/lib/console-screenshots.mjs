// Pictures of each page of the console, as a person sees them: in light, in dark, and on a narrow screen.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';

/** @typedef {import('playwright-core').Page} Page */

const COUNTING =
  'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';
const PROBE = 'org-a.fac-a.sys-a.-.svc-a';

const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280 },
  { name: 'dark', colorScheme: 'dark', width: 1280 },
  { name: 'narrow', colorScheme: 'light', width: 400 },
];

/** @type {readonly { name: string, fragment: string, prepare?: (page: Page) => Promise<void> }[]} */
const PAGES = [
  {
    name: 'services',
    fragment: '#/services',
    prepare: (page) => page.getByRole('link', { name: PROBE }).waitFor(),
  },
  {
    name: 'operations',
    fragment: `#/services/${PROBE}`,
    prepare: (page) => page.getByText('takes nothing').waitFor(),
  },
  {
    name: 'events',
    fragment: `#/services/${PROBE}/events`,
    prepare: (page) => page.getByText('tick').first().waitFor(),
  },
  {
    name: 'status',
    fragment: `#/services/${COUNTING}/status`,
    prepare: (page) => page.getByText('Told at').first().waitFor(),
  },
  {
    name: 'schema',
    fragment: `#/services/${PROBE}/schema`,
    prepare: (page) => page.getByText('asyncapi').first().waitFor(),
  },
  {
    name: 'problems',
    fragment: `#/services/${PROBE}/operations/Probe.obj`,
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Send/ }).click();
      await page.getByText('Nothing was sent').waitFor();
    },
  },
  { name: 'answer', fragment: `#/services/${PROBE}/operations/Probe.opt`, prepare: send },
  {
    name: 'timeline',
    fragment: '#/timeline',
    prepare: (page) => page.getByRole('link', { name: 'Probe.opt' }).first().waitFor(),
  },
  {
    name: 'details',
    fragment: '#/timeline?kind=request',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Probe.opt' }).first().click();
      await page.getByText('Headers').first().click();
    },
  },
  {
    name: 'plots',
    fragment: `#/plots?series=${encodeURIComponent(`${COUNTING}|event|CountingExample.increment_counter|`)}`,
    prepare: (page) => page.getByText(/^[3-9] points/).waitFor(),
  },
  { name: 'saved', fragment: '#/saved', prepare: (page) => page.getByText('Twice a day').waitFor() },
];

/** @param {Page} page */
async function send(page) {
  await page.getByLabel('no value').check();
  await page.getByLabel('Name of the saved request').fill('Twice a day');
  await page.getByRole('button', { name: 'Save this request' }).click();
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByText('Answered after').waitFor();
}

/**
 * @param {string} link the console's own, with its token
 * @param {string} folder what stood there goes
 * @returns {Promise<number>} How many pictures were taken.
 */
export async function takeScreenshots(link, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  let taken = 0;
  try {
    for (const { name: look, colorScheme, width } of LOOKS) {
      const context = await browser.newContext({
        colorScheme: /** @type {'light' | 'dark'} */ (colorScheme),
        viewport: { width, height: 800 },
      });
      const page = await context.newPage();
      await page.goto(link);
      for (const { name, fragment, prepare } of PAGES) {
        await page.evaluate((to) => location.assign(to), fragment);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await prepare?.(page);
        await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
        taken++;
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return taken;
}
