import { randomUUID } from 'node:crypto';
import { addressOf } from '@intersect-sdk/core';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';
import { type S3StoreOptions, s3Store } from '../../src/index.js';

export const { signal } = new AbortController();

/** An address, and so a bucket, that no other test has. */
export function newOwner(): string {
  return addressOf({
    organization: 'test-org',
    facility: 'test-fac',
    system: 'test-sys',
    service: `s${randomUUID().slice(0, 13)}`,
  });
}

export function storeAt({ url, username, password }: StoreEndpoints, more: Partial<S3StoreOptions> = {}) {
  return s3Store({ url, username, password, ...more });
}

/** Bytes that no part of which is like another. */
export function someBytes(size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let index = 0, value = 1; index < words.length; index++) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    words[index] = value;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** The bytes in pieces of an odd size, and then the error, where there is one. */
export function streamOf(bytes: Uint8Array, error?: Error): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.byteLength) {
        controller.enqueue(bytes.slice(at, at + 70_001));
        at += 70_001;
      } else if (error) controller.error(error);
      else controller.close();
    },
  });
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
