import type { DescriptionSource, IntersectClient } from '@intersect-sdk/client';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import { isIntersectError } from '@intersect-sdk/core';
import type { Surroundings } from '../frame/surroundings.js';
import { directorySource } from './directory-source.js';
import { type KnownSchema, SchemaCache } from './schema-cache.js';

/** A schema document, and where it was found. */
export interface FoundSchema extends KnownSchema {
  readonly from: 'cache' | 'service' | 'directory' | 'lifecycle';
}

export interface FindOptions {
  readonly client: IntersectClient;
  readonly config: LoadedClientConfig;
  readonly surroundings: Surroundings;
}

/** How long a service is waited for that may be busy, where nobody wants to wait for a schema. */
const ASK_MS = 1_000;

/** The schemas of services: as they were seen last, as services say when they are asked, as a directory knows them, and as they tell by themselves. */
export class Schemas {
  readonly #options: FindOptions;
  readonly #cache: SchemaCache;
  readonly #directory: DescriptionSource;

  constructor(options: FindOptions) {
    this.#options = options;
    this.#directory = directorySource(options.client, options.surroundings.env);
    this.#cache = new SchemaCache(options.surroundings.env, options.config);
  }

  /** What is remembered, else what the service or a directory says at once; undefined where they do not. Throws only when it is stopped. */
  async atOnce(address: string): Promise<FoundSchema | undefined> {
    const known = await this.#cache.read(address);
    return known ? { ...known, from: 'cache' } : this.ask(address);
  }

  /**
   * What the service says now, or a directory of it. Services of other SDKs say nothing of their schema when they are asked, and then
   * nobody waits for them to tell it by themselves.
   */
  async ask(address: string): Promise<FoundSchema | undefined> {
    const { signal } = this.#options.surroundings;
    const enough = new AbortController();
    // Sources are looked at when the service has answered without a schema, or not in time: then it is over.
    const end = { name: 'end', find: () => enough.abort() as undefined };
    try {
      return await this.#describe(address, {
        timeoutMs: ASK_MS,
        signal: AbortSignal.any([signal, enough.signal]),
        sources: [this.#directory, end],
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!isIntersectError(error)) throw error;
      return undefined;
    }
  }

  /** Waits until the schema is known. Throws REQUEST_TIMEOUT, and UNROUTABLE where nobody is there. */
  async wait(address: string, timeoutMs: number): Promise<FoundSchema> {
    const known = await this.#cache.read(address);
    if (known) return { ...known, from: 'cache' };
    const { signal } = this.#options.surroundings;
    return this.#describe(address, { timeoutMs, signal, sources: [this.#directory] });
  }

  async #describe(
    address: string,
    options: Parameters<IntersectClient['describe']>[1],
  ): Promise<FoundSchema> {
    const { from, schema, toldAtMs } = await this.#options.client.describe(address, options);
    await this.#cache.write(address, schema);
    return { document: schema, seenAt: new Date(toldAtMs), from: from === 'source' ? 'directory' : from };
  }
}
