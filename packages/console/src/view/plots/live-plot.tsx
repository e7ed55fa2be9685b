import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PlotState } from '../../state/plots/plot-state.js';
import { TEXTS } from '../../texts.js';
import { keyMove } from './key-moves.js';
import { type Columns, makePlot } from './make-plot.js';

interface LivePlotProps {
  readonly plots: PlotState;
  readonly names: readonly string[];
  readonly paused: boolean;
}

/** Drawn at most once a frame, and only when there is something new; no point changes any state. */
export function LivePlot({ plots, names, paused }: LivePlotProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const isPaused = useRef(paused);
  isPaused.current = paused;
  const plot = useRef<ReturnType<typeof makePlot> | undefined>(undefined);
  // With other names it is another plot, by its key.
  useEffect(() => {
    if (!place.current) return;
    const made = makePlot(place.current, names);
    plot.current = made;
    let drawn = -1;
    let frame = 0;
    const draw = (): void => {
      frame = requestAnimationFrame(draw);
      if (isPaused.current || drawn === plots.revision) return;
      drawn = plots.revision;
      made.show(columnsOf(plots));
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      made.destroy();
    };
  }, []);
  return (
    <div
      ref={place}
      class="plot"
      role="application"
      aria-label={TEXTS.plots.chart(names.join(', '))}
      tabIndex={0}
      onKeyDown={(event) => {
        const move = keyMove(event.key);
        if (!move) return;
        event.preventDefault();
        plot.current?.move(move);
      }}
    />
  );
}

function columnsOf({ series, buffers }: PlotState): Columns[] {
  return series.peek().map((text) => {
    const { xs, ys } = buffers.get(text) ?? { xs: new Float64Array(0), ys: new Float64Array(0) };
    return { xs, ys };
  });
}
