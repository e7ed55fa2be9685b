import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import { schemaFolder } from '../connect/places.js';
import { writePrivateFile } from '../connect/private-file.js';
import type { Surroundings } from '../frame/surroundings.js';

/** A schema document, and when its service said so. */
export interface KnownSchema {
  readonly document: unknown;
  readonly seenAt: Date;
}

/** The schema documents of the services of one broker, as they were seen last. One address can be two services at two brokers. */
export class SchemaCache {
  readonly #folder: string;

  constructor(env: Surroundings['env'], { brokers }: Pick<LoadedClientConfig, 'brokers'>) {
    const places = brokers.map(({ host, port, vhost = '' }) => `${host}_${port}${vhost && `_${vhost}`}`);
    this.#folder = join(schemaFolder(env), encodeURIComponent(places.join('+')));
  }

  async read(address: string): Promise<KnownSchema | undefined> {
    const file = this.#fileOf(address);
    try {
      const [text, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
      return { document: JSON.parse(text) as unknown, seenAt: mtime };
    } catch {
      // What can't be read is as good as not there: it is written anew when the service is seen again.
      return undefined;
    }
  }

  /** A folder that can't be written costs the memory, and nothing else. */
  async write(address: string, document: unknown): Promise<void> {
    await writePrivateFile(this.#fileOf(address), JSON.stringify(document)).catch(() => {});
  }

  #fileOf(address: string): string {
    return join(this.#folder, `${encodeURIComponent(address)}.json`);
  }
}
