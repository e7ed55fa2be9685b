// A Chromium of this machine, for pictures and for measurements.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What CHROME_PATH names, or the first on the PATH. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROME_PATH || findBrowser(),
    // It refuses to run its sandbox for root; the page is our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
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
