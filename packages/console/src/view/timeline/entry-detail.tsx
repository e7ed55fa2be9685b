import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { linkTo } from '../../state/route.js';
import type { Entry } from '../../state/timeline/entry.js';
import { TEXTS } from '../../texts.js';
import { useConsole } from '../console-context.js';
import { durationText, timeText } from '../parts/times.js';
import { EditAndSend } from './edit-and-send.js';
import { MessageView } from './message-view.js';

interface EntryDetailProps {
  readonly id: number;
  readonly query: Readonly<Record<string, string>>;
}

/** One entry with its messages, their headers and payloads. */
export function EntryDetail({ id, query }: EntryDetailProps): JSX.Element {
  const state = useConsole();
  const [entry, setEntry] = useState<Entry | 'gone'>();
  // A request that waits for its answer gets it while one looks; nothing else changes.
  const row = state.timeline.value.rows.find((each) => each.id === id);
  // Read again when its row has changed.
  useEffect(() => {
    state.link.call('entry', { id }).then(
      (found) => setEntry(found ?? 'gone'),
      () => setEntry('gone'),
    );
  }, [id, row?.state, row?.parts]);
  return (
    <section class="card detail" aria-label={TEXTS.timeline.detail}>
      <div class="tools">
        <h2 class="grow">{TEXTS.timeline.detail}</h2>
        <a class="button" href={linkTo({ page: 'timeline', query })}>
          {TEXTS.timeline.close}
        </a>
      </div>
      {entry === 'gone' && <p class="faint">{TEXTS.timeline.gone}</p>}
      {entry !== undefined && entry !== 'gone' && <Facts entry={entry} />}
    </section>
  );
}

function Facts({ entry }: { readonly entry: Entry }): JSX.Element {
  const { what, service, asker, atMs, durationMs, state, reason, campaign, messages } = entry;
  const { columns, states } = TEXTS.timeline;
  return (
    <>
      <dl class="facts">
        <dt>{columns.what}</dt>
        <dd>{what}</dd>
        <dt>{columns.time}</dt>
        <dd>{timeText(atMs)}</dd>
        <dt>{columns.who}</dt>
        <dd class="address">
          {asker && `${asker} → `}
          {service}
        </dd>
        <dt>{columns.state}</dt>
        <dd>
          {states[state]}
          {durationMs !== undefined && ` (${durationText(durationMs)})`}
        </dd>
        {reason !== undefined && (
          <>
            <dt>{TEXTS.timeline.reason}</dt>
            <dd>{reason}</dd>
          </>
        )}
        {campaign !== '' && (
          <>
            <dt>{TEXTS.timeline.campaign}</dt>
            <dd>
              <a href={linkTo({ page: 'timeline', query: { campaign } })}>{TEXTS.timeline.onlyCampaign}</a>
            </dd>
          </>
        )}
      </dl>
      <EditAndSend entry={entry} />
      {messages.map((message, index) => (
        <MessageView key={index} seen={message} />
      ))}
    </>
  );
}
