import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PlotState } from '../../state/plots/plot-state.js';
import { TEXTS } from '../../texts.js';

const EVERY_MS = 500;

/** How many points a series has, and its newest value: said twice a second, however fast they come. */
export function SeriesFacts({
  plots,
  text,
}: {
  readonly plots: PlotState;
  readonly text: string;
}): JSX.Element {
  const [, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look(plots.revision), EVERY_MS);
    return () => clearInterval(timer);
  }, [plots]);
  const buffer = plots.buffers.get(text);
  const newest = buffer?.ys.at(-1);
  return (
    <span class="faint">
      {TEXTS.plots.points(buffer?.length ?? 0, buffer?.forgotten ?? 0)}
      {newest !== undefined && `, ${TEXTS.plots.last(String(newest))}`}{' '}
    </span>
  );
}
