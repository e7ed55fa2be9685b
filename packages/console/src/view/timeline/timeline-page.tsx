import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { filterOf } from '../../state/timeline/filter-query.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { EntryDetail } from './entry-detail.js';
import { TimelineFilters } from './timeline-filters.js';
import { TimelineRow } from './timeline-row.js';
import { TimelineTools } from './timeline-tools.js';

interface TimelinePageProps {
  readonly query: Readonly<Record<string, string>>;
  readonly entry: number | undefined;
}

/** What passes, the newest first: requests with their answers, events, lifecycle messages, and what was refused. */
export function TimelinePage({ query, entry }: TimelinePageProps): JSX.Element {
  const state = useConsole();
  const asText = JSON.stringify(query);
  // The query is another object each time, of the same text.
  useEffect(() => state.watch(filterOf(query)), [asText]);
  const { rows, matching, kept, forgotten } = state.timeline.value;
  const dropped = state.dropped.value;
  const longestMs = Math.max(1, ...rows.map(({ durationMs }) => durationMs ?? 0));
  const { columns } = TEXTS.timeline;
  return (
    <>
      <h1>{TEXTS.pages.timeline}</h1>
      <TimelineFilters query={query} />
      <TimelineTools />
      <p class="faint">
        {kept > 0 && TEXTS.timeline.counts(rows.length, matching, kept)}{' '}
        {forgotten > 0 && TEXTS.timeline.forgotten(forgotten)}{' '}
        {dropped > 0 && <strong>{TEXTS.timeline.dropped(dropped)}</strong>}
      </p>
      <div class={entry === undefined ? '' : 'split'}>
        {rows.length === 0 ? (
          <p class="faint">{kept === 0 ? TEXTS.timeline.none : TEXTS.timeline.noMatch}</p>
        ) : (
          <table class="stacked timeline">
            <thead>
              <tr>
                <th>{columns.time}</th>
                <th>{columns.what}</th>
                <th>{columns.who}</th>
                <th>{columns.state}</th>
                <th>{columns.duration}</th>
                <th>{columns.bytes}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <TimelineRow key={row.id} {...{ row, query, longestMs }} isOpen={row.id === entry} />
              ))}
            </tbody>
          </table>
        )}
        {entry !== undefined && <EntryDetail key={entry} id={entry} query={query} />}
      </div>
      {rows.length < matching && (
        <button type="button" onClick={() => state.showMore()}>
          {TEXTS.timeline.more}
        </button>
      )}
    </>
  );
}
