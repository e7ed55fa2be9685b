import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type SeriesSource, seriesText } from '../../state/plots/series-name.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';

interface SeriesPickerProps {
  readonly taken: readonly string[];
  readonly onAdd: (series: string) => void;
}

const LOOK_AGAIN_MS = 2_000;

/** The numbers that events and statuses had last, to choose from. */
export function SeriesPicker({ taken, onAdd }: SeriesPickerProps): JSX.Element {
  const { plots } = useConsole();
  const [chosen, choose] = useState('');
  useEffect(() => {
    void plots.refreshPlottable();
    const timer = setInterval(() => void plots.refreshPlottable(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [plots]);
  const open = plots.plottable.value.filter((source) => !taken.includes(seriesText(source)));
  const first = open[0];
  if (!first && taken.length === 0) return <p class="faint">{TEXTS.plots.nothing}</p>;
  const texts = open.map(seriesText);
  const wanted = texts.includes(chosen) ? chosen : (texts[0] ?? '');
  return (
    <div class="tools">
      <label class="grow">
        {TEXTS.plots.pick}
        <select value={wanted} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {groupsOf(open).map(([group, sources]) => (
            <optgroup key={group} label={group}>
              {sources.map((source) => (
                <option key={seriesText(source)} value={seriesText(source)}>
                  {source.path || TEXTS.plots.wholeValue}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <button type="button" class="main" disabled={wanted === ''} onClick={() => onAdd(wanted)}>
        {TEXTS.plots.add}
      </button>
    </div>
  );
}

function groupsOf(sources: readonly SeriesSource[]): [string, SeriesSource[]][] {
  const groups = new Map<string, SeriesSource[]>();
  for (const source of sources) {
    const group = `${source.kind} ${source.name} (${source.address})`;
    groups.set(group, [...(groups.get(group) ?? []), source]);
  }
  return [...groups];
}
