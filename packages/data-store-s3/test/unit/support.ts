import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type S3StoreOptions, s3Store } from '../../src/index.js';

export const { signal } = new AbortController();
export const owner = 'test-org.test-fac.test-sys.-.test-svc';
export const secret = 'a-secret-that-nobody-may-see';

export interface FakeStore extends AsyncDisposable {
  readonly url: string;
  /** What was asked, as `GET /bucket/object`. */
  readonly asked: string[];
}

/** A server that answers as the test says, and knows what it was asked. */
export async function fakeStore(answer: RequestListener): Promise<FakeStore> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A store that has every bucket, and answers for objects as the test says. */
export function forObjects(answer: RequestListener): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.includes('?location')) response.end('<LocationConstraint/>');
    else answer(request, response);
  };
}

export function error(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status)
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${secret}</Message></Error>`);
}

export function storeAt(url: string, more: Partial<S3StoreOptions> = {}) {
  return s3Store({ url, username: 'me', password: secret, ...more });
}

export function pointerAt(url: string) {
  return { url, bucket: 'some-bucket', objectId: 'some-object.png' };
}
