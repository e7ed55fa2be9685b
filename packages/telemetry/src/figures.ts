import type { ConnectionState } from '@intersect-sdk/messaging';
import type { Attributes } from '@opentelemetry/api';
import { ATTRIBUTE, INTERSECT_ATTRIBUTE, SYSTEM } from './names.js';

/** Upper bounds of the buckets of durations, in seconds: those that the conventions advise for messaging. */
export const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

/** Names of operations and events are few, but another program chooses them where it asks: more than these are counted together. */
const MOST_SERIES = 1_000;
const OTHERS = 'others';

/** How long something took, for each thing that was done. */
export interface Durations {
  /** What was done: an operation or an event by its full name. */
  readonly name: string;
  /** Undefined where it succeeded. */
  readonly errorType: string | undefined;
  readonly count: number;
  readonly sumSeconds: number;
  /** How many took so long at most, one for each of `BOUNDS`; longer ones are only in `count`. */
  readonly buckets: readonly number[];
}

/** Is given each duration, too. */
export interface DurationSink {
  record(seconds: number, attributes: Attributes): void;
}

interface Series extends Durations {
  readonly attributes: Attributes;
  count: number;
  sumSeconds: number;
  buckets: number[];
}

/** Counts durations by what was done and how it ended. */
export class DurationFigures {
  readonly #succeeded = new Map<string, Series>();
  readonly #failed = new Map<string, Map<string, Series>>();
  #size = 0;
  /** Where durations also go. */
  sink: DurationSink | undefined;

  record(name: string, durationMs: number, errorType?: string): void {
    const series = this.#seriesOf(name, errorType);
    const seconds = durationMs / 1_000;
    series.count += 1;
    series.sumSeconds += seconds;
    this.sink?.record(seconds, series.attributes);
    for (let index = BOUNDS.length - 1; index >= 0 && seconds <= (BOUNDS[index] ?? 0); index--) {
      series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    }
  }

  all(): readonly Durations[] {
    const failed = [...this.#failed.values()].flatMap((ofName) => [...ofName.values()]);
    return [...this.#succeeded.values(), ...failed];
  }

  #seriesOf(name: string, errorType: string | undefined): Series {
    if (errorType === undefined) return this.#in(this.#succeeded, { key: name, name, errorType });
    let ofName = this.#failed.get(name);
    if (!ofName) {
      ofName = new Map();
      this.#failed.set(name, ofName);
    }
    return this.#in(ofName, { key: errorType, name, errorType });
  }

  #in(map: Map<string, Series>, { key, name, errorType }: SeriesKey): Series {
    const known = map.get(key);
    if (known) return known;
    if (this.#size >= MOST_SERIES && name !== OTHERS) return this.#seriesOf(OTHERS, errorType);
    const attributes = attributesOf(name, errorType);
    const series = { name, errorType, attributes, count: 0, sumSeconds: 0, buckets: BOUNDS.map(() => 0) };
    this.#size += 1;
    map.set(key, series);
    return series;
  }
}

/** How a series is told apart from others. */
export function attributesOf(name: string, errorType: string | undefined): Attributes {
  return {
    [ATTRIBUTE.system]: SYSTEM,
    [INTERSECT_ATTRIBUTE.operation]: name,
    ...(errorType !== undefined && { [ATTRIBUTE.errorType]: errorType }),
  };
}

interface SeriesKey extends Pick<Durations, 'name' | 'errorType'> {
  readonly key: string;
}

/** Everything that is counted. */
export class Figures {
  /** Requests until their answer, events and messages until a broker had them. */
  readonly sent = new DurationFigures();
  /** Handlers, from their call to their end. */
  readonly processed = new DurationFigures();
  /** Requests that wait for their answer. */
  pending = 0;
  /** Requests and events whose handlers are under way, so that no broker was told that they are done. */
  working = 0;
  readonly reports = new Map<string, number>();
  readonly brokers = new Map<string, BrokerFigures>();

  /** How many times something was lost for good: dropped, refused, or not taken by any broker. */
  get lost(): number {
    return LOST.reduce((sum, kind) => sum + (this.reports.get(kind) ?? 0), 0);
  }

  reported(kind: string): void {
    this.reports.set(kind, (this.reports.get(kind) ?? 0) + 1);
  }

  /** Whether there is a connection to a broker, and none is to be made. */
  get isConnected(): boolean {
    const brokers = [...this.brokers.values()];
    return brokers.some(({ open }) => open > 0) && brokers.every(({ waiting }) => waiting === 0);
  }

  connection({ broker, state, before }: ConnectionState): void {
    const { open, waiting, reconnects } = this.brokers.get(broker) ?? { open: 0, waiting: 0, reconnects: 0 };
    this.brokers.set(broker, {
      open: open + Number(state === 'open') - Number(before === 'open'),
      waiting: waiting + Number(WAITING.has(state)) - Number(WAITING.has(before)),
      reconnects: reconnects + Number(state === 'open' && before === 'reconnecting'),
    });
  }
}

/** All connections to one broker; a process may have several. */
export interface BrokerFigures {
  readonly open: number;
  /** How many are about to be made, for the first time or again. */
  readonly waiting: number;
  /** How often one was made again. */
  readonly reconnects: number;
}

const WAITING = new Set<ConnectionState['state']>(['connecting', 'reconnecting']);

const LOST = ['message-refused', 'event-dropped', 'event-not-sent', 'answer-not-sent', 'lifecycle-not-sent'];
