import type { JSX } from 'preact';
import { sizeText } from '../../state/bytes.js';
import { linkTo } from '../../state/route.js';
import type { Row } from '../../state/timeline/entry.js';
import { TEXTS } from '../../texts.js';
import { durationText, timeText } from '../parts/times.js';

interface TimelineRowProps {
  readonly row: Row;
  readonly query: Readonly<Record<string, string>>;
  readonly longestMs: number;
  readonly isOpen: boolean;
}

const MOST_CHARACTERS = 32;

export function TimelineRow({ row, query, longestMs, isOpen }: TimelineRowProps): JSX.Element {
  const { id, kind, state, atMs, service, asker, what, durationMs, bytes, parts, own } = row;
  const { columns, kinds, states } = TEXTS.timeline;
  return (
    <tr class={isOpen ? 'open' : ''}>
      <td class="nowrap">{timeText(atMs)}</td>
      <td>
        <a href={linkTo({ page: 'timeline', query, entry: id })}>{what || kinds[kind]}</a>{' '}
        <span class="faint">{kinds[kind]}</span>
      </td>
      <td class="address" data-label={columns.who}>
        {asker !== '' && (
          <span class="faint" title={asker}>
            {own ? TEXTS.timeline.own : shortOf(asker)} →{' '}
          </span>
        )}
        <span title={service}>{shortOf(service)}</span>
      </td>
      <td>
        <span class={`badge entry-${state}`}>{states[state]}</span>
        {parts > 0 && <span class="faint"> {TEXTS.timeline.parts(parts)}</span>}
      </td>
      <td data-label={columns.duration}>
        {durationMs !== undefined && (
          <>
            {durationText(durationMs)}
            <meter
              class="duration"
              min={0}
              max={longestMs}
              value={durationMs}
              aria-label={columns.duration}
            />
          </>
        )}
      </td>
      <td class="nowrap" data-label={columns.bytes}>
        {sizeText(bytes)}
      </td>
    </tr>
  );
}

/** The last part of an address, which tells services apart; the details have all of it. Of a client it is an id, of which the beginning does. */
function shortOf(address: string): string {
  const last = address.split('.').at(-1) ?? address;
  return last.length > MOST_CHARACTERS ? `${last.slice(0, MOST_CHARACTERS)}…` : last;
}
