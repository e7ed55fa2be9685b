import { readFile } from 'node:fs/promises';
import { generateContract } from './generate-contract.js';
import type { GenerateOptions } from './options.js';

/** Whether a file is what would be generated, and if not, why. */
export type ContractState =
  | { readonly isCurrent: true }
  | {
      readonly isCurrent: false;
      readonly reason: 'missing' | 'different';
      /** The text that should be there. */
      readonly text: string;
      /** The first line that is different, from 1 on; undefined where there is no file. */
      readonly line?: number;
    };

/**
 * Whether a file is what `generateContract` makes of this document, with the same options. How its lines end does not matter. Throws what
 * `generateContract` throws, and what reading a file throws, but for one that is not there.
 */
export async function checkContract(
  file: string | URL,
  document: unknown,
  options: GenerateOptions = {},
): Promise<ContractState> {
  const text = generateContract(document, options);
  let given: string;
  try {
    given = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { isCurrent: false, reason: 'missing', text };
  }
  const lines = given.replace(/^\uFEFF/, '').split(/\r?\n/);
  const wanted = text.split('\n');
  const index = wanted.findIndex((line, at) => line !== lines[at]);
  if (index === -1 && lines.length === wanted.length) return { isCurrent: true };
  return { isCurrent: false, reason: 'different', text, line: (index === -1 ? wanted.length : index) + 1 };
}
