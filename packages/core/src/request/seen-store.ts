import type { OptionRow } from '../options/option.js';
import { custom } from '../options/special.js';
import { kindOf } from '../plumbing/value-rules.js';
import type { WireMessage } from '../wire/wire-message.js';

/** What is remembered of a request that came to a service. */
export interface SeenRequest {
  /** `begun`: its handler has begun, and was acknowledged then; whether it came to its end is not known. `finished`: it has an answer. */
  readonly state: 'begun' | 'finished';
  /** Since when, in ms since 1970. */
  readonly atMs: number;
  /** The answer as it went out. The store may leave it away: then the request stays known, and its answer is forgotten. */
  readonly answer?: WireMessage | undefined;
}

/**
 * Where a service remembers what it has dealt with, so that its next process runs none of it again. `@intersect-sdk/seen-store` has one on
 * disk. What it throws is reported; the requests are then dealt with as without it.
 */
export interface SeenStore {
  /** Called at each start, before any request is taken. What it throws ends the start. Once it is open, it does nothing. */
  open(): Promise<void>;
  /** What is known of a request. */
  find(key: string): Promise<SeenRequest | undefined>;
  /** Resolves as soon as the next process would find it, however this one ends; its answer is sent only then. */
  remember(key: string, seen: SeenRequest): Promise<void>;
  /** Called at the end of the service. */
  close(): Promise<void>;
}

const METHODS = ['open', 'find', 'remember', 'close'] as const;

/** The row of a store of seen requests. */
export function seenStoreRow(): OptionRow<SeenStore, SeenStore | undefined> {
  return custom<SeenStore, SeenStore | undefined>({
    read({ value, path, issues }) {
      if (value === undefined) return undefined;
      const store = value as Partial<SeenStore> | null;
      if (METHODS.every((name) => typeof store?.[name] === 'function')) return store as SeenStore;
      const message = `must be a store with the functions ${METHODS.join(', ')}, got ${kindOf(value)}`;
      issues.push({ path, message });
      return undefined;
    },
  });
}
