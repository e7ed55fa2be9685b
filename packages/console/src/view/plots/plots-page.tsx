import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { csvOf, joined } from '../../state/plots/series-buffer.js';
import { readSeries, seriesLabel } from '../../state/plots/series-name.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { ImageOfBytes } from '../parts/image-of-bytes.js';
import { saveFile } from '../parts/save-file.js';
import { LivePlot } from './live-plot.js';
import { SeriesFacts } from './series-facts.js';
import { SeriesPicker } from './series-picker.js';

/** Numbers of events and statuses as they come, several in one plot. Which ones stands in the link. */
export function PlotsPage({ series: named }: { readonly series: readonly string[] }): JSX.Element {
  const state = useConsole();
  const [paused, setPaused] = useState(false);
  const { plots } = state;
  const asText = named.join('\n');
  // The list is another object each time, of the same text.
  useEffect(() => {
    // Without any in the link it is what was plotted before.
    if (named.length > 0 || plots.series.peek().length === 0) plots.show(named);
    else state.go({ page: 'plots', series: plots.series.peek() });
  }, [asText]);
  const series = plots.series.value;
  const show = (next: readonly string[]): void => {
    if (next.length === 0) plots.show([]);
    state.go({ page: 'plots', series: next });
  };
  const saveCsv = (): void => {
    const columns = series.map((text) => plots.buffers.get(text) ?? EMPTY);
    saveFile('plot.csv', csvOf(series.map(labelOf), joined(columns)), 'text/csv');
  };
  return (
    <>
      <h1>{TEXTS.pages.plots}</h1>
      <SeriesPicker taken={series} onAdd={(text) => show([...series, text])} />
      {series.length === 0 ? (
        <p class="faint">{TEXTS.plots.none}</p>
      ) : (
        <>
          <div class="tools">
            <button type="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
              {paused ? TEXTS.plots.goOn : TEXTS.plots.pause}
            </button>
            <button type="button" onClick={() => plots.clear()}>
              {TEXTS.plots.clear}
            </button>
            <button type="button" onClick={saveCsv}>
              {TEXTS.plots.csv}
            </button>
          </div>
          <LivePlot key={series.join('\n')} plots={plots} names={series.map(labelOf)} paused={paused} />
          <p class="faint">{TEXTS.plots.hint}</p>
          <ul class="list">
            {series.map((text) => (
              <li key={text}>
                {labelOf(text)} <SeriesFacts plots={plots} text={text} />
                <button
                  type="button"
                  class="quiet small"
                  aria-label={TEXTS.plots.remove(labelOf(text))}
                  onClick={() => show(series.filter((each) => each !== text))}
                >
                  {TEXTS.form.remove}
                </button>
                <NewestImage text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const EMPTY = { xs: new Float64Array(0), ys: new Float64Array(0) };

function labelOf(text: string): string {
  const series = readSeries(text);
  return series ? seriesLabel(series) : text;
}

function NewestImage({ text }: { readonly text: string }): JSX.Element | null {
  const image = useConsole().plots.images.value.get(text);
  return image ? <ImageOfBytes {...image} alt={TEXTS.plots.image(labelOf(text))} /> : null;
}
