import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What MinIO says when its disks are full. */
const FULL_STATUS = 507;
const FULL =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>';

/** A store before another one, which takes nothing while it is full; all else it passes on. */
export interface FullStore extends AsyncDisposable {
  readonly url: string;
  isFull: boolean;
  /** How many times it had no room. */
  readonly refused: number;
}

/** Resolves when it listens. It is full at first. */
export async function fullStoreBefore(target: string): Promise<FullStore> {
  const state = { isFull: true, refused: 0 };
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    if (state.isFull && incoming.method === 'PUT') {
      state.refused++;
      incoming.resume();
      outgoing.writeHead(FULL_STATUS, { 'content-type': 'application/xml' }).end(FULL);
      return;
    }
    const { method, url, headers } = incoming;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get isFull() {
      return state.isFull;
    },
    set isFull(value) {
      state.isFull = value;
    },
    get refused() {
      return state.refused;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
