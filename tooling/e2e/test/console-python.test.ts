// The forms of the console for a service of the Python SDK, filled by the keyboard, over RabbitMQ.
import { randomUUID } from 'node:crypto';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './support/chromium.js';
import { ConsolePage } from './support/console-page.js';
import { PythonProgram } from './support/python-program.js';
import { removeServiceQueues } from './support/queues.js';

const chromium = findChromium() ?? '';
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';

describe('the console', chromium === '' ? { skip: true, meta: { skipReason } } : {}, () => {
  describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
    const { username, password, mqttUrl: url } = rabbitmq;
    const name = `forms-${randomUUID()}`;
    const address = `interop-org.interop-fac.interop-sys.-.${name}`;
    let shown: ConsolePage;
    let service: PythonProgram;

    beforeAll(async () => {
      const broker = `mqtt://${username}:${password}@${new URL(url).host}`;
      shown = await ConsolePage.open({ chromium, broker });
      service = new PythonProgram({
        interpreter: python.interpreter,
        script: 'form_service.py',
        broker: { protocol: 'mqtt5.0', url, username, password },
        args: { service: name },
      });
      await service.lines(1);
      await shown.go('#/services');
      await shown.page.getByRole('link', { name: address }).waitFor();
    });
    afterAll(async () => {
      await shown[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, address);
    });

    /** The answer of an operation, once its form was filled and sent. */
    async function answerOf(operation: string, fill: () => Promise<void>): Promise<unknown> {
      const { page } = shown;
      await shown.go(`#/services/${address}/operations/Forms.${operation}`);
      await page.getByRole('heading', { level: 1, name: `Forms.${operation}` }).waitFor();
      await page.getByRole('button', { name: /^Send/ }).waitFor();
      await fill();
      await page.getByRole('button', { name: /^Send/ }).press('Enter');
      await page.getByText('Answered after').waitFor();
      await page.getByRole('button', { name: 'JSON', exact: true }).last().press('Enter');
      const text = await page.getByLabel('Answer', { exact: true }).locator('pre').textContent();
      return JSON.parse(text ?? '');
    }

    async function type(label: string, text: string): Promise<void> {
      const field = shown.page.getByLabel(label, { exact: true });
      await field.focus();
      await shown.page.keyboard.press('ControlOrMeta+A');
      await shown.page.keyboard.type(text);
    }

    test('a default that is given is shown, and not that of the model', async () => {
      const answer = await answerOf('plan', () => type('Name*', 'first'));
      expect(answer).toEqual({
        name: 'first',
        motion: { steps: 10, speed: 'fast' },
        limit: 7,
        pair: [1, 'a'],
        weights: {},
      });
    });

    test('an optional number is set to null, and to a number', async () => {
      const noValue = shown.page.getByLabel(/no value/);
      expect(await answerOf('maybe', () => noValue.press('Space'))).toBeNull();
      const { page } = shown;
      await noValue.press('Space');
      await type('number', '5');
      await page.getByRole('button', { name: 'Send again' }).press('Enter');
      await page.getByRole('button', { name: 'Send it again' }).press('Enter');
      await page.getByLabel('Answer', { exact: true }).getByText('5', { exact: true }).waitFor();
    });

    test('bytes in JSON are text', async () => {
      expect(await answerOf('text_of_bytes', () => type('data', 'four'))).toBe(4);
    });

    test('an operation with a binary content type takes a file, and its answer is a picture', async () => {
      const { page } = shown;
      const png = Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
        'base64',
      );
      await shown.go(`#/services/${address}/operations/Forms.picture`);
      await page
        .getByLabel('A file (image/png)')
        .setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
      await page.getByRole('button', { name: /^Send/ }).press('Enter');
      const picture = page.getByRole('img', { name: 'Answer' });
      await picture.waitFor();
      const width = await picture.evaluate((image) =>
        (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth),
      );
      expect(width).toBe(1);
    });

    test('is never complained of by the browser', () => {
      expect(shown.complaints).toEqual([]);
    });
  });
});
