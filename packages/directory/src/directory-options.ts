import {
  abortSignal,
  callback,
  count,
  custom,
  flag,
  group,
  kindOf,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';
import {
  MANAGEMENT_OPTIONS,
  type RabbitManagementOptions,
  type ResolvedManagement,
} from './sources/rabbit-management.js';
import type { DirectoryStore } from './store.js';

const DIRECTORY_OPTIONS = {
  /**
   * RabbitMQ's management API, where it may be read.
   * @default lifecycle messages alone tell of services
   */
  rabbitManagement: group<RabbitManagementOptions, ResolvedManagement>(MANAGEMENT_OPTIONS),
  /**
   * Where what is known is kept while the program is away.
   * @default nowhere
   */
  store: custom<DirectoryStore, DirectoryStore | undefined>({
    read({ value, path, issues }) {
      const store = value as Partial<DirectoryStore> | null | undefined;
      if (store === undefined) return undefined;
      if (typeof store?.load === 'function' && typeof store.save === 'function')
        return store as DirectoryStore;
      issues.push({ path, message: `must have the functions load and save, got ${kindOf(value)}` });
      return undefined;
    },
  }),
  /**
   * How often services tell their status of which that is not known yet, in ms.
   * @default 300000, as services have it unless they are set up otherwise
   */
  usualIntervalMs: ms({ default: 300_000 }),
  /**
   * Ask services: one that should have been heard whether it is there, and one whose schema is not known what it can do. Without it
   * nothing at all is sent.
   * @default true
   */
  asks: flag({ default: true }),
  /**
   * How long a service is waited for when it is asked, in ms.
   * @default 2000
   */
  askTimeoutMs: ms({ default: 2_000 }),
  /**
   * How many services are kept. A new one takes the place of the one that is `down` the longest, else of the one that is `silent` the
   * longest; while all are there, it is not taken.
   * @default 10000
   */
  maxServices: count({ default: 10_000 }),
  /**
   * Called with what went wrong in the background: a message that can't be read, a store or a management API that fails, and once when
   * there are more services than are kept.
   * @default nobody is told
   */
  onProblem: callback<(error: Error) => void>(),
  /**
   * Ends the directory.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** What a directory learns from, and how it asks. */
export interface DirectoryOptions extends Named, OptionsOf<typeof DIRECTORY_OPTIONS> {}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveDirectoryOptions(input: DirectoryOptions) {
  return readOptions('The services cannot be watched', input, (fields) =>
    readTable(fields, DIRECTORY_OPTIONS),
  );
}
