import { signal } from '@preact/signals';
import type { Push } from '../../worker/protocol.js';
import type { WorkerLink } from '../worker-link.js';
import { SeriesBuffer } from './series-buffer.js';
import { readSeries, type SeriesSource } from './series-name.js';

export interface SeenImage {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** The series that are plotted. Points change no signal: whoever draws them looks at `revision` when it draws anyway. */
export class PlotState {
  readonly series = signal<readonly string[]>([]);
  readonly images = signal<ReadonlyMap<string, SeenImage>>(new Map());
  readonly plottable = signal<readonly SeriesSource[]>([]);
  readonly buffers = new Map<string, SeriesBuffer>();
  revision = 0;
  readonly #link: WorkerLink;

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  /** Plots these from now on. What was there before goes on. */
  show(texts: readonly string[]): void {
    const wanted = texts.filter((text) => readSeries(text) !== undefined);
    if (wanted.join('\n') === this.series.value.join('\n')) return;
    for (const known of [...this.buffers.keys()]) if (!wanted.includes(known)) this.buffers.delete(known);
    for (const text of wanted) if (!this.buffers.has(text)) this.buffers.set(text, new SeriesBuffer());
    this.series.value = wanted;
    this.revision++;
    const series = wanted.flatMap((text) => readSeries(text) ?? []);
    void this.#link.call('plot', { series }).catch(() => {});
  }

  async refreshPlottable(): Promise<void> {
    this.plottable.value = await this.#link.call('plottable', undefined).catch(() => []);
  }

  clear(): void {
    for (const buffer of this.buffers.values()) buffer.clear();
    this.revision++;
  }

  pushed(push: Push & { kind: 'points' | 'image' }): void {
    if (push.kind === 'image') {
      const { series, bytes, contentType } = push;
      this.images.value = new Map(this.images.value).set(series, { bytes, contentType });
      return;
    }
    const buffer = this.buffers.get(push.series);
    if (!buffer) return;
    for (const [index, x] of push.xs.entries()) buffer.add(x, push.ys[index] ?? Number.NaN);
    this.revision++;
  }
}
