import { readFile } from 'node:fs/promises';
import { readServiceSchema } from '@intersect-sdk/schema/document';
import type { Surroundings } from '../frame/surroundings.js';
import { UsageError } from '../outcome/usage-error.js';

/** The schema document of a file, or of standard input for `-`. Throws where it is none. */
export async function readDocument(file: string, { stdin }: Pick<Surroundings, 'stdin'>): Promise<object> {
  const text = file === '-' ? await textOf(stdin) : await readFile(file, 'utf8');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UsageError(`${file === '-' ? 'Standard input' : file} is not JSON`);
  }
  // Only to find what is wrong with it.
  readServiceSchema(document);
  return document as object;
}

/** Whether a word names a file and not a service: an address has neither of these. */
export function isFileName(word: string): boolean {
  return word === '-' || word.endsWith('.json') || /[/\\]/.test(word);
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of stream) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
