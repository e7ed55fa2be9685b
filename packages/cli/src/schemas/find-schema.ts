import type { IntersectClient } from '@intersect-sdk/client';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import type { Surroundings } from '../frame/surroundings.js';
import { type KnownSchema, SchemaCache } from './schema-cache.js';

/** A schema document, and where it was found. */
export interface FoundSchema extends KnownSchema {
  readonly from: 'cache' | 'service' | 'lifecycle';
}

export interface FindOptions {
  readonly client: IntersectClient;
  readonly config: LoadedClientConfig;
  readonly surroundings: Surroundings;
  /** How long to wait for a service that does not tell its schema when asked. Undefined: not at all. */
  readonly waitMs: number | undefined;
}

/** The schema of a service: as it was seen last, else as it says. Undefined where it can't be had at once and nobody wants to wait. */
export async function findSchema(address: string, options: FindOptions): Promise<FoundSchema | undefined> {
  const { config, surroundings } = options;
  const known = await new SchemaCache(surroundings.env, config).read(address);
  if (known) return { ...known, from: 'cache' };
  return undefined;
}
