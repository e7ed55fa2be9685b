/**
 * The newest points of a series, without an object for each: two arrays of twice the window, moved to their beginning when they are full, so that
 * a plot is given views of them.
 */
export class SeriesBuffer {
  readonly #window: number;
  readonly #xs: Float64Array;
  readonly #ys: Float64Array;
  #begin = 0;
  #end = 0;
  /** Points that left the window. */
  forgotten = 0;

  constructor(window = 20_000) {
    this.#window = window;
    this.#xs = new Float64Array(window * 2);
    this.#ys = new Float64Array(window * 2);
  }

  get length(): number {
    return this.#end - this.#begin;
  }

  /** Times in s since 1970, as the plot has them. */
  get xs(): Float64Array {
    return this.#xs.subarray(this.#begin, this.#end);
  }

  get ys(): Float64Array {
    return this.#ys.subarray(this.#begin, this.#end);
  }

  add(x: number, y: number): void {
    if (this.#end === this.#xs.length) {
      this.#xs.copyWithin(0, this.#begin, this.#end);
      this.#ys.copyWithin(0, this.#begin, this.#end);
      this.#end -= this.#begin;
      this.#begin = 0;
    }
    this.#xs[this.#end] = x;
    this.#ys[this.#end] = y;
    this.#end++;
    if (this.length > this.#window) {
      this.#begin++;
      this.forgotten++;
    }
  }

  clear(): void {
    this.#begin = this.#end = 0;
  }
}

/** A point of several series at one time; a series without a value there has undefined. */
export type JoinedRow = readonly [x: number, ...ys: (number | undefined)[]];

/** Several series over one axis of times, as a plot and a table want them. */
export function joined(
  series: readonly { readonly xs: Float64Array; readonly ys: Float64Array }[],
): JoinedRow[] {
  const at = new Map<number, (number | undefined)[]>();
  series.forEach(({ xs, ys }, index) => {
    xs.forEach((x, point) => {
      const row = at.get(x) ?? new Array<number | undefined>(series.length).fill(undefined);
      row[index] = ys[point];
      at.set(x, row);
    });
  });
  return [...at].sort(([a], [b]) => a - b).map(([x, ys]) => [x, ...ys]);
}

/** A table for a spreadsheet: times as ISO texts, then a column for each series. */
export function csvOf(names: readonly string[], rows: readonly JoinedRow[]): string {
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = ['time', ...names].map(quoted).join(',');
  const lines = rows.map(([x, ...ys]) =>
    [new Date(x * 1_000).toISOString(), ...ys.map((y) => y ?? '')].join(','),
  );
  return `${[head, ...lines].join('\n')}\n`;
}
