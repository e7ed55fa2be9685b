import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Move, moved, type Range } from './key-moves.js';

export interface Columns {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Told apart in light and dark, also by who sees fewer colours. */
const COLOURS = ['#1f77b4', '#d95f02', '#2a9d55', '#b5428f', '#8a6d00', '#5b6ee1', '#c0392b', '#16808a'];
const HEIGHT = 320;

/** A plot over time in an element: drag to zoom, Shift and drag to move, double-click for all. It is as wide as its element. */
export function makePlot(place: HTMLElement, names: readonly string[]) {
  let range: Range | undefined;
  const ink = getComputedStyle(place).color;
  const axis = { stroke: ink, grid: { stroke: '#8884', width: 1 }, ticks: { stroke: '#8884' } };
  const plot = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT,
      scales: { x: { time: true } },
      axes: [axis, { ...axis, size: (_plot, labels) => widthOf(labels ?? []) }],
      series: [
        {},
        ...names.map((label, index) => ({
          label,
          stroke: COLOURS[index % COLOURS.length] ?? ink,
          spanGaps: true,
        })),
      ],
      cursor: { drag: { x: true, y: false } },
      hooks: {
        setSelect: [
          (self) => {
            if (self.select.width === 0) return;
            range = {
              min: self.posToVal(self.select.left, 'x'),
              max: self.posToVal(self.select.left + self.select.width, 'x'),
            };
          },
        ],
      },
    },
    emptyData(names.length),
    place,
  );
  const seeAll = (): void => {
    range = undefined;
    plot.setData(plot.data);
  };
  const show = (to: Range | undefined): void => {
    range = to;
    if (to) plot.setScale('x', to);
    else seeAll();
  };
  plot.over.addEventListener('dblclick', seeAll);
  plot.over.addEventListener(
    'mousedown',
    (event) => {
      if (event.shiftKey) drag(plot, event, show);
    },
    true,
  );
  const resized = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(200, place.clientWidth), height: HEIGHT }),
  );
  resized.observe(place);
  return {
    show(columns: readonly Columns[]): void {
      plot.setData(dataOf(columns), range === undefined);
      if (range) plot.redraw();
    },
    move(move: Move): void {
      const { min, max } = plot.scales.x ?? {};
      if (min !== undefined && max !== undefined) show(moved({ min, max }, move));
    },
    destroy(): void {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** As wide as its longest label is about, so that none is cut. */
export function widthOf(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  return Math.max(40, 22 + longest * 7.5);
}

/** Moves what is shown with the pointer until it is let go. */
function drag(plot: uPlot, begun: MouseEvent, show: (range: Range) => void): void {
  begun.stopImmediatePropagation();
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const perPixel = (max - min) / plot.over.clientWidth;
  const move = ({ clientX }: MouseEvent): void => {
    const by = (begun.clientX - clientX) * perPixel;
    show({ min: min + by, max: max + by });
  };
  const end = (): void => {
    removeEventListener('mousemove', move);
    removeEventListener('mouseup', end);
  };
  addEventListener('mousemove', move);
  addEventListener('mouseup', end);
}

function emptyData(count: number): uPlot.AlignedData {
  return [[], ...Array.from({ length: count }, () => [])] as unknown as uPlot.AlignedData;
}

/** One series is drawn as it lies in memory; several have to share their times. */
function dataOf(columns: readonly Columns[]): uPlot.AlignedData {
  const [only, ...others] = columns;
  if (only && others.length === 0) return [only.xs, only.ys] as unknown as uPlot.AlignedData;
  return uPlot.join(columns.map(({ xs, ys }) => [xs, ys] as unknown as uPlot.AlignedData));
}
