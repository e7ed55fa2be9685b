import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { DataError, type DataStore, newId } from '@intersect-sdk/core';
import { bucketNameOf } from '@intersect-sdk/core/internal';
import { type DataGateway, dataGateway } from '@intersect-sdk/data-gateway';
import { createRequestListener } from '@remix-run/node-fetch-server';
import { describe, expect, test } from 'vitest';
import { Chromium, findChromium } from './support/chromium.js';
import { bundlePage } from './support/page-bundle.js';
import { PageServer } from './support/page-server.js';

const SECRET = 'the-secret-of-the-store';
const OWNER = 'lab.building.room.-.web-page';
const bucket = bucketNameOf({
  organization: 'lab',
  facility: 'building',
  system: 'room',
  service: 'web-page',
});
const TOKEN = 'the-token-of-the-page';
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self' http://127.0.0.1:*";

/** Keeps data in memory, and says its secret in everything that it says. */
function talkativeStore(): DataStore & { readonly puts: string[] } {
  const objects = new Map<string, { bytes: Uint8Array<ArrayBuffer>; contentType: string }>();
  const puts: string[] = [];
  return {
    url: 'http://store.invalid:9000',
    puts,
    async put({ body, contentType, size }) {
      puts.push(`${contentType}, ${size} bytes, as ${body instanceof Uint8Array ? 'bytes' : 'a stream'}`);
      const objectId = newId();
      const bytes = new Uint8Array(body instanceof Uint8Array ? body : await buffer(body));
      objects.set(objectId, { bytes, contentType });
      return { url: this.url, bucket, objectId, secret: SECRET };
    },
    async get({ objectId }) {
      const found = objects.get(objectId);
      if (!found) throw new DataError('DATA_GONE', `nothing there for ${SECRET}`);
      const { bytes, contentType } = found;
      return { body: new Blob([bytes]).stream(), contentType, size: bytes.byteLength };
    },
    async delete({ objectId }) {
      objects.delete(objectId);
    },
  };
}

/** What the page gets of the gateway, but for the data. */
function overheard(gateway: DataGateway, heard: string[]): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await gateway(request);
    const isJson = answer.headers.get('content-type') === 'application/json';
    heard.push(JSON.stringify([...answer.headers]), isJson ? await answer.clone().text() : '');
    return answer;
  };
}

/** What the page tells, where the gateway lists these origins. */
async function toldByPage(originsFor: (page: string) => string[]) {
  const store = talkativeStore();
  const heard: string[] = [];
  const program = await readFile(new URL('fixtures/data-gateway-page.mjs', import.meta.url), 'utf8');
  const scripts = (await bundlePage(program)).outputFiles;
  const settings: Record<string, unknown> = {};
  await using page = await PageServer.start({ scripts, settings, policy: POLICY });
  const gateway = dataGateway([store], {
    owner: OWNER,
    token: TOKEN,
    origins: originsFor(new URL(page.url).origin),
  });
  const server = createServer(createRequestListener(overheard(gateway, heard))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;
  const foreign = { url: store.url, bucket: 'another-bucket', objectId: 'o' };
  Object.assign(settings, { url, token: TOKEN, owner: OWNER, foreign });
  try {
    await using browser = await Chromium.open(chromium as string, page.url);
    return {
      told: await Promise.race([page.told, browser.crashed]),
      heard: heard.join('\n'),
      puts: store.puts,
    };
  } finally {
    server.closeAllConnections();
    server.close();
    await gateway.close();
  }
}

const chromium = findChromium();
const skipReason = 'a browser: no Chromium is on the PATH, and CHROME_PATH names none';

describe(
  'a page in Chromium with a data gateway',
  chromium === undefined ? { skip: true, meta: { skipReason } } : {},
  () => {
    test('puts a File and a Blob and reads them back, under a strict policy, and never gets the secret', async () => {
      const { told, heard, puts } = await toldByPage((origin) => [origin]);
      expect(told).toEqual({
        file: { same: true, size: 12 * 1024 * 1024 + 5, contentType: 'image/png', gone: 'DATA_GONE' },
        blob: { same: true, size: 1_000_003, contentType: 'text/html', gone: 'DATA_GONE' },
        foreign: 'DATA_STORE_REFUSED',
        wrongToken: 'DATA_STORE_REFUSED',
      });
      expect(puts).toEqual([
        `image/png, ${12 * 1024 * 1024 + 5} bytes, as a stream`,
        'text/html, 1000003 bytes, as a stream',
      ]);
      expect(heard).toContain('DATA_GONE');
      expect(heard).not.toContain(SECRET);
    });

    test('is told what to look at where its origin is not listed', async () => {
      const { told, puts } = await toldByPage(() => ['https://lab.example']);
      expect(told).toEqual({
        code: 'DATA_STORE_AWAY',
        message: expect.stringContaining("origins must name the page's origin"),
      });
      expect(puts).toEqual([]);
    });
  },
);
