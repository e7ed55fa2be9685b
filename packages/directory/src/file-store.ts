import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newId } from '@intersect-sdk/core';
import type { DescriptionSource } from '@intersect-sdk/messaging';
import type { KnownService } from './map/known-service.js';
import type { DirectoryStore } from './store.js';

export type { KnownService, ServiceState } from './map/known-service.js';
export type { DirectoryStore } from './store.js';

/** A store in a file, which is also a source for `client.describe`. */
export interface FileStore extends DirectoryStore, DescriptionSource {}

const FORMAT = 'intersect-directory-1';

/**
 * Keeps what a directory knows in a JSON file. The file is replaced as a whole, so that it is never half written, and the folder is made
 * where it is missing. A file that is something else is an error, and is not overwritten before a directory has begun.
 */
export function fileStore(path: string): FileStore {
  const load = async (): Promise<readonly KnownService[]> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const kept = parse(text);
    if (kept?.format === FORMAT && Array.isArray(kept.services)) return kept.services as KnownService[];
    throw new Error(`${path} is no file of a directory. Delete it, or name another one.`);
  };
  return {
    name: path,
    load,
    async save(services) {
      await mkdir(dirname(path), { recursive: true });
      const beside = `${path}.${newId()}`;
      await writeFile(beside, JSON.stringify({ format: FORMAT, services }, undefined, 1), { mode: 0o600 });
      await rename(beside, path);
    },
    async find(address) {
      const known = (await load()).find((service) => service.address === address);
      if (known?.schema === undefined || known.toldAtMs === undefined) return undefined;
      const { schema, statuses, toldAtMs } = known;
      return { schema, statuses, toldAtMs };
    },
  };
}

function parse(text: string): { readonly format?: unknown; readonly services?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly format?: unknown };
  } catch {
    return undefined;
  }
}
