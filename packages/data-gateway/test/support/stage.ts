import type { DataStore } from '@intersect-sdk/core';
import { bucketNameOf } from '@intersect-sdk/core/internal';
import { type DataGatewayOptions, dataGateway, gatewayStore } from '../../src/index.js';
import { GatewayServer } from './gateway-server.js';
import { MemoryStore } from './memory-store.js';

export const OWNER = 'lab.building.room.-.web-page';
export const CAMERA = 'lab.building.room.-.camera';
export const TOKEN = 'a token that opens'.replaceAll(' ', '-');
export const MIB = 1024 * 1024;

export function bucketFor(service: string): string {
  return bucketNameOf({ organization: 'lab', facility: 'building', system: 'room', service });
}

export const forever = { signal: new AbortController().signal };

/** A gateway before a store in memory, and the store that a page would have. */
export class Stage implements AsyncDisposable {
  readonly inner: MemoryStore;
  readonly server: GatewayServer;
  readonly store: DataStore;

  private constructor(inner: MemoryStore, server: GatewayServer, store: DataStore) {
    this.inner = inner;
    this.server = server;
    this.store = store;
  }

  static async set(
    options: Partial<DataGatewayOptions> = {},
    stores: readonly DataStore[] = [],
  ): Promise<Stage> {
    const inner = new MemoryStore(bucketFor('web-page'));
    const gateway = dataGateway([inner, ...stores], { owner: OWNER, token: TOKEN, ...options });
    const server = await GatewayServer.start(gateway);
    const store = await gatewayStore({ url: server.url, token: TOKEN });
    inner.calls.length = 0;
    return new Stage(inner, server, store);
  }

  /** Asks as a page could that does not use the store. */
  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.server.url + path, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }
}

/** Bytes of which no two parts are equal. */
export function someBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >> 12)) & 0xff;
  return bytes;
}

/** A stream of these bytes in chunks, which tells how many it gave. */
export function streamOf(bytes: Uint8Array, chunkBytes = 64 * 1024, onPull = (_given: number): void => {}) {
  let given = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        onPull(given);
        if (given >= bytes.byteLength) return controller.close();
        controller.enqueue(bytes.subarray(given, given + chunkBytes));
        given += chunkBytes;
      },
    },
    { highWaterMark: 0 },
  );
}

export async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
}
