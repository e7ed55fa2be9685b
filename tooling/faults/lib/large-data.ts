import { Binary, defineCapability } from '@intersect-sdk/service';

export const MIB = 1024 * 1024;

/** Argument and answer travel by reference. `lib/data-service.mjs` implements it as a process. */
export const Turning = defineCapability({
  name: 'Turning',
  concurrency: 8,
  operations: {
    turn: {
      request: Binary('application/octet-stream'),
      response: Binary('application/octet-stream'),
      responseDataHandler: 'MINIO',
    },
  },
});

/** Bytes that no other number has, and no part of which is like another. */
export function bytesOf(number: number, size: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let index = 0, value = number; index < words.length; index++) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    words[index] = value;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** Whether these are the bytes that a service makes of those of this number. */
export function isTurned(answer: unknown, number: number, size: number): boolean {
  return answer instanceof Uint8Array && Buffer.compare(answer, bytesOf(number, size).reverse()) === 0;
}
