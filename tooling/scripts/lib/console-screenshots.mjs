// Pictures of each page of the console, as a person sees them: in light, in dark, and on a narrow screen.
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** @typedef {import('playwright-core').Page} Page */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const HELLO = 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service';
const COUNTING =
  'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';

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
    prepare: (page) => page.getByText('counting-service').first().waitFor(),
  },
  {
    name: 'operations',
    fragment: `#/services/${COUNTING}`,
    prepare: (page) => page.getByText('reset_count').first().waitFor(),
  },
  {
    name: 'status',
    fragment: `#/services/${COUNTING}/status`,
    prepare: (page) => page.getByText('counting:').or(page.getByText('Told at')).first().waitFor(),
  },
  {
    name: 'schema',
    fragment: `#/services/${COUNTING}/schema`,
    prepare: (page) => page.getByText('asyncapi').first().waitFor(),
  },
  {
    name: 'answer',
    fragment: `#/services/${COUNTING}/operations/CountingExample.reset_count`,
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Send/ }).click();
      const again = page.getByRole('button', { name: 'Send it again' });
      await page.getByText('Answered after').or(again).first().waitFor();
      if (await again.isVisible()) await again.click();
      await page.getByText('Answered after').waitFor();
    },
  },
  {
    name: 'timeline',
    fragment: '#/timeline?kind=request',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'CountingExample.reset_count' }).first().click();
      await page.getByText('Headers').first().waitFor();
    },
  },
  {
    name: 'plots',
    fragment: `#/plots?series=${encodeURIComponent(`${COUNTING}|status|CountingExample|count`)}`,
  },
  { name: 'saved', fragment: '#/saved' },
];

/**
 * @param {string} link the console's own, with its token
 * @param {string} folder what stood there goes
 * @returns {Promise<number>} How many pictures were taken.
 */
export async function takeScreenshots(link, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const executablePath = process.env.CHROME_PATH || findBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
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

function findBrowser() {
  const places = (process.env.PATH ?? '').split(delimiter);
  for (const file of places.flatMap((folder) => NAMES.map((name) => join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next place.
    }
  }
  throw new Error(
    'No Chromium is on the PATH, and CHROME_PATH names none. On Debian: apt-get install chromium',
  );
}
