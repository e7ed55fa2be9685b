import type { Progress } from '@intersect-sdk/client';
import type { Issue } from '@intersect-sdk/core';
import type { KnownService } from '@intersect-sdk/directory';
import type { SeriesSource } from '../state/plots/series-name.js';
import type { Entry, Found } from '../state/timeline/entry.js';
import type { EntryFilter } from '../state/timeline/entry-filter.js';
import type { ConsoleSettings } from '../tunnel/index.js';

/** What the page asks its worker; each has an answer. */
interface WorkerCalls {
  /** Connects, or connects anew with other credentials. */
  connect: { takes: ConnectCall; gives: undefined };
  /** The schema document of a service: as it is known, else as the service tells it. */
  describe: { takes: { readonly address: string }; gives: unknown };
  /** The statuses that a service told since the page was opened, the newest last. */
  statuses: { takes: { readonly address: string }; gives: readonly ToldStatuses[] };
  request: { takes: RequestCall; gives: Answer };
  /** Which part of the timeline is pushed from now on. */
  watchTimeline: { takes: TimelineView; gives: undefined };
  entry: { takes: { readonly id: number }; gives: Entry | undefined };
  exportTimeline: { takes: undefined; gives: string };
  /** Answers with how many messages were read, and the lines that were none. */
  importTimeline: {
    takes: { readonly text: string };
    gives: { readonly messages: number; readonly wrongLines: readonly number[] };
  };
  clearTimeline: { takes: undefined; gives: undefined };
  /** Which numbers are pushed from now on. */
  plot: { takes: { readonly series: readonly SeriesSource[] }; gives: undefined };
  /** What can be plotted: the numbers in what was told last. */
  plottable: { takes: undefined; gives: readonly SeriesSource[] };
}

export type CallName = keyof WorkerCalls;
export type Takes<Name extends CallName> = WorkerCalls[Name]['takes'];
export type Gives<Name extends CallName> = WorkerCalls[Name]['gives'];

export interface ConnectCall {
  readonly settings: ConsoleSettings;
  /** Of the page's own address, with ws. */
  readonly base: string;
  readonly token: string;
  /** For brokers that the page speaks to itself. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

export interface RequestCall {
  readonly address: string;
  readonly operation: string;
  readonly contentType: string;
  /** Undefined: none. Bytes where the content type is not JSON. */
  readonly argument: unknown;
  readonly timeoutMs: number;
  /** Its answer comes item by item. */
  readonly isStream: boolean;
  /** Ends the wait when it is given to `stopWaiting`. */
  readonly key: string;
}

export interface Answer {
  readonly contentType: string;
  /** A value, or bytes where it is not JSON. */
  readonly payload: unknown;
  readonly durationMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a stream: how many items came, of which the newest are kept. */
  readonly count?: number | undefined;
}

export interface TimelineView {
  readonly filter: EntryFilter;
  readonly limit: number;
  /** Nothing is pushed while it is paused. */
  readonly paused: boolean;
}

export interface ToldStatuses {
  readonly atMs: number;
  readonly statuses: KnownService['statuses'];
}

/** A service as the page shows it in lists; its document, which can be large, is asked for. */
export type ListedService = Omit<KnownService, 'schema'> & {
  /** Another number for another document; 0: none is known. */
  readonly schemaVersion: number;
};

/** How it stands with one broker. */
export interface BrokerState {
  readonly name: string;
  readonly state: 'connecting' | 'open' | 'lost' | 'closed';
  /** Why, where it is not open. */
  readonly reason?: string | undefined;
  readonly sinceMs: number;
}

/** A time in which nothing was seen of what passed. */
export interface Gap {
  readonly broker: string;
  readonly fromMs: number;
  /** Undefined: it lasts. */
  readonly untilMs: number | undefined;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly issues: readonly Issue[];
  readonly mayHaveRun: boolean;
  /** The same can succeed later. */
  readonly retryable: boolean;
}

/** What the worker tells by itself. */
export type Push =
  | { readonly kind: 'connection'; readonly brokers: readonly BrokerState[]; readonly gaps: readonly Gap[] }
  | { readonly kind: 'services'; readonly changed: readonly ListedService[] }
  /** What came of a stream since the last time, and how many items came in all. */
  | {
      readonly kind: 'items';
      readonly key: string;
      readonly items: readonly unknown[];
      readonly count: number;
    }
  | { readonly kind: 'progress'; readonly key: string; readonly progress: Progress }
  | { readonly kind: 'timeline'; readonly found: Found; readonly dropped: number }
  | {
      readonly kind: 'points';
      readonly series: string;
      readonly xs: Float64Array<ArrayBuffer>;
      readonly ys: Float64Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'image';
      readonly series: string;
      readonly bytes: Uint8Array;
      readonly contentType: string;
    };

/** What passes from the page to its worker. */
export type ToWorker =
  | {
      [Name in CallName]: {
        readonly kind: 'call';
        readonly call: number;
        readonly name: Name;
        readonly takes: Takes<Name>;
      };
    }[CallName]
  | { readonly kind: 'stopWaiting'; readonly key: string };

/** What passes from the worker to the page. */
export type FromWorker =
  | Push
  | { readonly kind: 'gives'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'throws'; readonly call: number; readonly problem: Problem };
