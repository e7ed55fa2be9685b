// Many events a second before the page, for a few seconds. `npm run console -- --load` does the whole of it, and measures.
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { describe, expect, test } from 'vitest';
import { loadConsole } from '../../scripts/lib/console-load.mjs';
import { findChromium } from './support/chromium.js';
import { ConsolePage } from './support/console-page.js';

const chromium = findChromium() ?? '';
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';

describe('the console', chromium === '' ? { skip: true, meta: { skipReason } } : {}, () => {
  test.each([
    { rate: 1_000, seconds: 4 },
    { rate: 6_000, seconds: 4 },
  ])('accounts for each of $rate events a second', async ({ rate, seconds }) => {
    await using broker = await startDevBroker({ port: 0 });
    const brokerUrl = `mqtt://intersect_username:intersect_password@127.0.0.1:${broker.port}`;
    await using shown = await ConsolePage.open({ chromium, broker: brokerUrl });
    const { signal } = new AbortController();
    const figures = await loadConsole(shown.page, { brokerUrl, rate, seconds, signal });
    const { sent, seen, kept, forgotten, dropped, inputMs } = figures;
    expect(sent).toBe(rate * seconds);
    expect(seen + dropped).toBe(sent);
    // Other messages have entries, too: those of the life of the service.
    expect(kept + forgotten + dropped).toBeGreaterThanOrEqual(sent);
    expect(inputMs.length).toBeGreaterThan(0);
    expect(shown.complaints).toEqual([]);
  });
});
