import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from '@intersect-sdk/test-brokers/certificates';
import { expect, test } from 'vitest';
import { sender } from '../../src/transfer/send-browser.js';
import { forObjects, owner, pointerAt, signal, storeAt } from './support.js';

const data = { body: new Uint8Array(3 * 1024 * 1024), contentType: 'image/png', owner };

test('a store whose certificate an authority of the lab has signed is trusted where that is named, and only there', async () => {
  const lab = await makeAuthority('lab');
  const other = await makeAuthority('other');
  const { cert, key } = await lab.server(['localhost']);
  let came = 0;
  const answer = forObjects((request, response) => {
    request.on('data', (bytes: Buffer) => {
      came += bytes.byteLength;
    });
    request.once('end', () => response.end('data'));
  });
  const server = createServer({ cert, key }, answer);
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    for (const ca of [lab.ca, [other.ca, new TextEncoder().encode(lab.ca)]]) {
      const trusting = storeAt(url, { ca });
      const { body } = await trusting.get(pointerAt(url), { signal });
      expect(await new Response(body).text()).toBe('data');
      await trusting.put(data, { signal });
      const stream = new Response(data.body).body as ReadableStream<Uint8Array>;
      await trusting.put({ ...data, body: stream, size: data.body.byteLength }, { signal });
    }
    expect(came).toBe(4 * data.body.byteLength);
    for (const store of [storeAt(url), storeAt(url, { ca: other.ca })]) {
      await expect(store.put(data, { signal })).rejects.toMatchObject({
        code: 'DATA_STORE_AWAY',
        retryable: false,
        message: expect.stringContaining("the option 'ca'"),
      });
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a browser says that it can not choose whom to trust', () => {
  const refused = expect.objectContaining({ issues: [expect.objectContaining({ path: 'ca' })] });
  expect(() => sender('-----BEGIN CERTIFICATE-----')).toThrow(refused);
});
