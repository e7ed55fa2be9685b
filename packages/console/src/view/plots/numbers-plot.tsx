import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { TEXTS } from '../../texts.js';
import { widthOf } from './make-plot.js';

/** The numbers of an answer by their place in the list. */
export function NumbersPlot({ numbers }: { readonly numbers: readonly number[] }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const ink = getComputedStyle(place.current).color;
    const axis = { stroke: ink, grid: { stroke: '#8884', width: 1 } };
    const plot = new uPlot(
      {
        width: Math.max(200, place.current.clientWidth),
        height: 240,
        scales: { x: { time: false } },
        axes: [axis, { ...axis, size: (_plot, labels) => widthOf(labels ?? []) }],
        series: [{}, { label: TEXTS.operation.answer, stroke: '#1f77b4' }],
      },
      [numbers.map((_number, index) => index), [...numbers]],
      place.current,
    );
    return () => plot.destroy();
  }, [numbers]);
  return <div ref={place} class="plot" role="img" aria-label={TEXTS.plots.chart(TEXTS.operation.answer)} />;
}
