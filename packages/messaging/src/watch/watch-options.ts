import {
  custom,
  flag,
  kindOf,
  list,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  readOptions,
  readTable,
  text,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { EventsOptions, ResolvedEventsOptions } from '../events/events-options.js';
import { readEventsOptions } from '../events/events-options.js';
import type { Ping } from '../presence/ping.js';
import type { WatchedKind } from './watched-message.js';

const KINDS: readonly WatchedKind[] = ['request', 'answer', 'event', 'lifecycle'];

/** Says whether a service is there. */
export type PresenceCheck = (
  address: string,
  options: { readonly signal: AbortSignal },
) => Promise<Ping['state']>;

const WATCH_OPTIONS = {
  /**
   * Which messages to watch.
   * @default all four kinds
   */
  kinds: list<WatchedKind, WatchedKind>(oneOf(KINDS), {
    default: KINDS,
    empty: 'must name at least one kind',
  }),
  /**
   * Services to watch from the beginning, if they are there.
   * @default []
   */
  addresses: list<string, string>(text(), { default: [] }),
  /**
   * Also watch services that are not among `addresses`: those whose requests are watched are found when they say something.
   * @default true
   */
  others: flag({ default: true }),
  /**
   * How often to make sure that a service whose requests are watched is still there, in ms. It is asked only if it said nothing meanwhile.
   * @default 5000
   */
  checkIntervalMs: ms({ default: 5_000 }),
  /**
   * How to find out whether a service is there, for programs that know better than by asking it.
   * @default by `ping`
   */
  isThere: custom<PresenceCheck, PresenceCheck | undefined>({
    read({ value, path, issues }) {
      if (value === undefined || typeof value === 'function') return value as PresenceCheck | undefined;
      issues.push({ path, message: `must be a function, got ${kindOf(value)}` });
      return undefined;
    },
  }),
} satisfies OptionTable;

/** What to watch, and how a stream of messages buffers what was not read yet. */
export interface WatchOptions extends Named, OptionsOf<typeof WATCH_OPTIONS>, EventsOptions {}

export interface ResolvedWatchOptions extends ResolvedEventsOptions {
  readonly kinds: ReadonlySet<WatchedKind>;
  readonly addresses: readonly string[];
  readonly others: boolean;
  readonly checkIntervalMs: number;
  readonly isThere: PresenceCheck | undefined;
}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveWatchOptions(input: WatchOptions, wire: Wire): ResolvedWatchOptions {
  return readOptions('The messages cannot be watched', input, (fields) => {
    const { kinds, addresses, ...others } = readTable(fields, WATCH_OPTIONS);
    addresses.forEach((address, index) => {
      const problem = typeof address === 'string' ? wire.addressProblem(address) : undefined;
      if (problem !== undefined) fields.addIssue(`addresses[${index}]`, problem);
    });
    return { ...readEventsOptions(fields), ...others, addresses, kinds: new Set(kinds) };
  });
}
