// A client as a page has it, whose data go through a gateway to a real data store, and a service that has the store itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DataGateway, dataGateway, gatewayStore } from '@intersect-sdk/data-gateway';
import { s3Store } from '@intersect-sdk/data-store-s3';
import { streamed } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { createRequestListener } from '@remix-run/node-fetch-server';
import { expect, test } from 'vitest';
import { ask, byReference, bytesOf, DataPrograms, HIERARCHY, image, PNG } from './support/data-programs.js';

const PAGE = 'org.fac.sys.-.page-of-gateway';
const SERVICE = 'camera-of-gateway';
const ADDRESS = `org.fac.sys.-.${SERVICE}`;
const TOKEN = 'the-token-of-the-page';

describeWithBroker('s3', ({ url, username, password }) => {
  const store = () => s3Store({ url, username, password });

  /** What lies in the buckets of the page and of the service, in bytes each. */
  async function left(): Promise<number[]> {
    const sizes: number[] = [];
    const { signal } = new AbortController();
    for (const owner of [PAGE, ADDRESS]) {
      for await (const { size } of store().unclaimed({ olderThanMs: 0, owner }, { signal })) sizes.push(size);
    }
    return sizes;
  }

  /** What the page uses, and what it asked the gateway for. */
  async function page() {
    const gateway = dataGateway([store()], { owner: PAGE, token: TOKEN, takeFrom: [ADDRESS] });
    const asked: string[] = [];
    const server = await serve(gateway, asked);
    const programs = new DataPrograms();
    const dataStores = [await gatewayStore({ url: server.url, token: TOKEN })];
    const client = await programs.newClient({ dataStores }).startup();
    const end = async (): Promise<void> => {
      await client.shutdown();
      await server[Symbol.asyncDispose]();
    };
    return { programs, client, asked, end };
  }

  test('a File goes to the service and comes back as a stream, and nothing is left', async () => {
    const { programs, client, asked, end } = await page();
    const hierarchy = { ...HIERARCHY, service: SERVICE };
    const camera = programs.newCamera({
      echo: streamed((body) => body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())),
    });
    const service = await programs.newService({ hierarchy, dataStores: [store()] }, camera).startup();
    const sent = bytesOf(12 * 1024 * 1024 + 5);
    const file = new File([sent as BlobPart], 'scan.png', { type: PNG });
    const params = ask('echo', file, { destination: ADDRESS, ...image });
    const { body, size } = await client.requestBytes(params);
    const came = Buffer.from(await new Response(body).arrayBuffer());
    expect([size, came.equals(sent)]).toEqual([sent.byteLength, true]);
    expect(await client.request(ask('upper', 'ö', { destination: ADDRESS, ...byReference }))).toBe('Ö');
    await service.shutdown();
    await end();
    expect(programs.reports).toEqual([]);
    // By the service and by the page.
    expect(await left()).toEqual([]);
    expect(asked.filter((method) => method === 'DELETE').length).toBeGreaterThanOrEqual(2);
  });

  test('an argument for a service that is not there is deleted by the page', async () => {
    const { client, asked, end } = await page();
    const params = ask('echo', bytesOf(70_000), { destination: ADDRESS, ...image, ...byReference });
    await expect(client.request(params)).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await end();
    expect(asked).toContain('DELETE');
    expect(await left()).toEqual([]);
  });
});

async function serve(gateway: DataGateway, asked: string[]) {
  const answer = (request: Request): Promise<Response> => {
    asked.push(request.method);
    return gateway(request);
  };
  const server = createServer(createRequestListener(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
