// What a stream and a camera give, as it comes; and what is there again after the page was loaded again.
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { Binary, defineCapability, IntersectService, Stream, Type } from '@intersect-sdk/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './support/chromium.js';
import { ConsolePage } from './support/console-page.js';

const chromium = findChromium() ?? '';
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';
const credentials = { username: 'intersect_username', password: 'intersect_password' };

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const Camera = defineCapability({
  name: 'Camera',
  operations: { sweep: { response: Stream(Type.Object({ angle: Type.Number() })) } },
  events: { taken: { schema: Binary('image/png') } },
});

describe('the console', chromium === '' ? { skip: true, meta: { skipReason } } : {}, () => {
  let broker: DevBroker;
  let shown: ConsolePage;
  let service: IntersectService;
  /** The stream goes on with each call. */
  let next: () => void = () => {};
  const camera = Camera.implement({
    async *sweep() {
      for (let angle = 0; angle < 4; angle++) {
        yield { angle };
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      }
    },
  });

  beforeAll(async () => {
    broker = await startDevBroker({ port: 0 });
    const { port } = broker;
    const { username, password } = credentials;
    shown = await ConsolePage.open({ chromium, broker: `mqtt://${username}:${password}@127.0.0.1:${port}` });
    service = new IntersectService([camera], {
      brokers: [{ protocol: 'mqtt5.0', host: '127.0.0.1', port, ...credentials }],
      hierarchy: { organization: 'lab', facility: 'hall', system: 'room', service: 'camera' },
    });
    await service.startup();
    await shown.page.getByRole('link', { name: service.address }).waitFor();
  });
  afterAll(async () => {
    await shown[Symbol.asyncDispose]();
    await service.shutdown();
    await broker.stop();
  });

  test('shows the items of a stream as they come, plots them, and all of them in the end', async () => {
    const { page } = shown;
    const series = `${service.address}|stream|Camera.sweep|angle`;
    await shown.go(`#/plots?series=${encodeURIComponent(series)}`);
    await page.getByText('0 points').waitFor();
    await shown.go(`#/services/${service.address}/operations/Camera.sweep`);
    await page.getByRole('button', { name: 'Send' }).press('Enter');
    for (let count = 1; count <= 4; count++) {
      // It still waits for the rest.
      await page.getByText(`Items so far: ${count}`, { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(1);
      next();
    }
    await page.getByText('Answered after').waitFor();
    await page.getByText('Items: 4', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Plot numbers of the items' }).press('Enter');
    await page.getByText(/^4 points, now 3/).waitFor();
  });

  test('keeps what came of a stream that is cancelled', async () => {
    const { page } = shown;
    await shown.go(`#/services/${service.address}/operations/Camera.sweep`);
    await page.getByRole('button', { name: 'Send again' }).press('Enter');
    await page.getByRole('button', { name: 'Send it again' }).press('Enter');
    await page.getByText('Items so far: 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.getByText('It failed').waitFor();
    await page.getByText('Items so far: 1', { exact: true }).waitFor();
    next();
  });

  test('shows the newest image of a camera as it comes', async () => {
    const { page } = shown;
    const series = `${service.address}|event|Camera.taken|`;
    await shown.go(`#/plots?series=${encodeURIComponent(series)}`);
    await page.getByText('0 points').waitFor();
    await camera.emit('taken', PNG);
    const picture = page.getByRole('img', { name: /The newest image of/ });
    await picture.waitFor();
    const width = await picture.evaluate((image) =>
      (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth),
    );
    expect(width).toBe(1);
  });

  test('has what passed on its timeline again after the page was loaded again', async () => {
    const { page } = shown;
    await shown.go('#/timeline?kind=request');
    await page.getByRole('link', { name: 'Camera.sweep' }).first().waitFor();
    const { origin, hash } = new URL(shown.link);
    const authorization = `Bearer ${hash.replace('#token=', '')}`;
    await expect
      .poll(async () => (await fetch(`${origin}/timeline.jsonl`, { headers: { authorization } })).text())
      .toContain('Camera.sweep');
    await page.reload();
    await page.getByRole('link', { name: 'Camera.sweep' }).first().waitFor();
  });

  test('is never complained of by the browser', () => {
    expect(shown.complaints).toEqual([]);
  });
});
