import { decodePayload } from '@intersect-sdk/core';
import type { KnownService } from '@intersect-sdk/directory';
import { numberAt, numericPathsOf, type PathParts, readPath } from '../state/plots/numeric-paths.js';
import { type SeriesSource, seriesText } from '../state/plots/series-name.js';
import type { SeenMessage } from '../state/timeline/entry.js';
import { readHeaders } from '../state/timeline/headers.js';
import type { Push } from './protocol.js';

/** Where numbers come from: an event, a status, or the items of a stream that this page reads. */
interface Source {
  readonly address: string;
  readonly kind: SeriesSource['kind'];
  readonly name: string;
}

/** An item of a stream that this page reads. */
export interface StreamItem {
  readonly address: string;
  readonly operation: string;
  readonly item: unknown;
  readonly atMs: number;
}

interface Wanted {
  readonly text: string;
  readonly parts: PathParts;
  readonly xs: number[];
  readonly ys: number[];
  image: { readonly bytes: Uint8Array; readonly contentType: string } | undefined;
}

interface Pushed {
  readonly push: Push;
  readonly transfer?: Transferable[];
}

const MOST_SOURCES = 500;
/** So many points may wait for the page; more than it can draw. */
const MOST_POINTS = 20_000;

/** Takes the numbers and images that the page wants out of what passes. What nobody wants is only remembered, and not read. */
export class Sampler {
  readonly #latest = new Map<string, Source & { readonly read: () => unknown }>();
  #wanted = new Map<string, Wanted[]>();

  watch(series: readonly SeriesSource[]): void {
    const before = [...this.#wanted.values()].flat();
    this.#wanted = new Map();
    for (const each of series) {
      const text = seriesText(each);
      const wanted = before.find((one) => one.text === text) ?? newWanted(text, each.path);
      const key = keyOf(each);
      this.#wanted.set(key, [...(this.#wanted.get(key) ?? []), wanted]);
    }
  }

  event({ address, message, atMs }: SeenMessage): void {
    const { event: name } = readHeaders(message);
    const source: Source = { address, kind: 'event', name };
    const { payload, contentType } = message;
    const wanted = this.#wanted.get(keyOf(source));
    if (contentType.startsWith('image/')) {
      this.#remember(source, () => IMAGE);
      for (const each of wanted ?? []) each.image = { bytes: payload, contentType };
      return;
    }
    this.#remember(source, () => readJson(payload, contentType));
    if (wanted) take(wanted, readJson(payload, contentType), atMs);
  }

  status(address: string, statuses: KnownService['statuses'], atMs: number): void {
    for (const [name, status] of Object.entries(statuses ?? {})) {
      const source: Source = { address, kind: 'status', name };
      this.#remember(source, () => status);
      take(this.#wanted.get(keyOf(source)) ?? [], status, atMs);
    }
  }

  item({ address, operation: name, item, atMs }: StreamItem): void {
    const source: Source = { address, kind: 'stream', name };
    this.#remember(source, () => item);
    take(this.#wanted.get(keyOf(source)) ?? [], item, atMs);
  }

  /** The numbers in what was told last by each source. */
  plottable(): SeriesSource[] {
    return [...this.#latest.values()].flatMap(({ read, ...source }) => {
      const value = read();
      const paths = value === IMAGE ? [''] : numericPathsOf(value);
      return paths.map((path) => ({ ...source, path }));
    });
  }

  takeNews(): Pushed[] {
    return [...this.#wanted.values()].flat().flatMap(newsOf);
  }

  #remember(source: Source, read: () => unknown): void {
    const key = keyOf(source);
    if (this.#latest.size >= MOST_SOURCES && !this.#latest.has(key)) return;
    this.#latest.set(key, { ...source, read });
  }
}

const IMAGE = Symbol('an image');

function newWanted(text: string, path: string): Wanted {
  return { text, parts: readPath(path) ?? [], xs: [], ys: [], image: undefined };
}

function take(wanted: readonly Wanted[], value: unknown, atMs: number): void {
  for (const { parts, xs, ys } of wanted) {
    const number = numberAt(value, parts);
    if (number === undefined || xs.length >= MOST_POINTS) continue;
    xs.push(atMs / 1_000);
    ys.push(number);
  }
}

function newsOf(wanted: Wanted): Pushed[] {
  const { text: series, image } = wanted;
  const news: Pushed[] = [];
  if (wanted.xs.length > 0) {
    const [xs, ys] = [Float64Array.from(wanted.xs.splice(0)), Float64Array.from(wanted.ys.splice(0))];
    news.push({ push: { kind: 'points', series, xs, ys }, transfer: [xs.buffer, ys.buffer] });
  }
  if (image) news.push({ push: { kind: 'image', series, ...image } });
  wanted.image = undefined;
  return news;
}

function readJson(payload: Uint8Array, contentType: string): unknown {
  try {
    return decodePayload(payload, contentType || 'application/json');
  } catch {
    // The timeline shows it as it is.
    return undefined;
  }
}

function keyOf({ address, kind, name }: Source): string {
  return `${address}|${kind}|${name}`;
}
