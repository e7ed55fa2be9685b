// A client and a service with a real data store, made of the plain values of a configuration file.

import { s3Store } from '@intersect-sdk/data-store-s3';
import { streamed } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { ADDRESS, ask, byReference, bytesOf, Camera, DataPrograms, image } from './support/data-programs.js';

const LARGE = 24 * 1024 * 1024;

describeWithBroker('s3', (server) => {
  const { username, password } = server;
  const { hostname: host, port } = new URL(server.url);
  const dataStores = { minio: [{ username, password, host, port: Number(port) }] };

  /** What lies in the buckets of these programs. */
  async function left(owners: readonly string[]): Promise<number> {
    const store = s3Store({ url: server.url, username, password });
    let count = 0;
    for (const owner of owners) {
      const { signal } = new AbortController();
      for await (const _ of store.unclaimed({ olderThanMs: 0, owner }, { signal })) count += 1;
    }
    return count;
  }

  test('arguments and answers go through it, whole and as streams, and nothing is left', async () => {
    const programs = new DataPrograms();
    const camera = programs.newCamera({
      echo: streamed((body) => body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())),
    });
    const service = await programs.newService({ dataStores }, camera).startup();
    const client = await programs.newClient({ dataStores }).startup();
    const sent = bytesOf(100_000);
    const answer = await client.requestBytes(ask('echo', sent, { ...image, ...byReference }));
    expect(new Uint8Array(await new Response(answer.body).arrayBuffer())).toEqual(sent);
    expect(await client.request(ask('upper', 'ö', byReference))).toBe('Ö');
    const lab = client.capability(Camera, ADDRESS);
    const { body } = await lab.$bytes.echo(endless(LARGE));
    let bytes = 0;
    for await (const piece of body) bytes += piece.byteLength;
    expect(bytes).toBe(LARGE);
    const owners = [client.address, service.address];
    await client.shutdown();
    await service.shutdown();
    expect(programs.reports).toEqual([]);
    expect(await left(owners)).toBe(0);
  });

  test('keepData leaves the answer there', async () => {
    const programs = new DataPrograms();
    const service = await programs.newService({ dataStores }).startup();
    const client = await programs.newClient({ dataStores, keepData: true }).startup();
    const before = await left([service.address]);
    expect(await client.request(ask('upper', 'x'))).toBe('X');
    await client.shutdown();
    await service.shutdown();
    expect(await left([service.address])).toBe(before + 1);
  });
});

async function* endless(size: number): AsyncGenerator<Uint8Array> {
  const piece = bytesOf(65_536);
  for (let at = 0; at < size; at += piece.byteLength) yield piece;
}
