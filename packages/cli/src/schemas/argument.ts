import { readFile } from 'node:fs/promises';
import { decodePayload, isIntersectError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import type { Surroundings } from '../frame/surroundings.js';
import { UsageError } from '../outcome/usage-error.js';

/** The bytes of an argument, as a person gives it: JSON as a word, `@file`, or `-` for standard input. Undefined where there is none. */
export async function readArgument(
  given: string | undefined,
  { stdin }: Pick<Surroundings, 'stdin'>,
): Promise<Uint8Array | undefined> {
  if (given === undefined) return undefined;
  if (given === '-') return collect(stdin);
  if (given.startsWith('@')) return new Uint8Array(await readFile(given.slice(1)));
  return new TextEncoder().encode(given);
}

/** The value to send: JSON as what it says, anything else as the bytes. */
export function argumentOf(bytes: Uint8Array | undefined, contentType: string): unknown {
  if (bytes === undefined || contentType !== DEFAULT_CONTENT_TYPE) return bytes;
  try {
    return decodePayload(bytes, contentType, { integers: 'bigint' });
  } catch (error) {
    if (!isIntersectError(error)) throw error;
    const text = new TextDecoder().decode(bytes.subarray(0, 40));
    const hint = /^[\w .,:-]+$/.test(text) ? `; a text is written with quotes, '"${text}"'` : '';
    throw new UsageError(`The argument is not JSON${hint}`);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}
