import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { TEXTS } from '../texts.js';
import type { Gap } from '../worker/protocol.js';
import { useConsole } from './console-context.js';
import { timeText } from './parts/times.js';

/** How it stands with the brokers, and what was missed: read aloud when it changes. */
export function ConnectionBar(): JSX.Element {
  const state = useConsole();
  const phase = state.phase.value;
  const troubled = state.brokers.value.filter(
    (broker) => broker.state === 'lost' || broker.state === 'closed',
  );
  return (
    <div class="connection" role="status">
      {phase.kind === 'connecting' && <p class="faint">{TEXTS.connection.connecting}</p>}
      {phase.kind === 'failed' && (
        <div class="bar bar-bad">
          <strong>{TEXTS.connection.failed}</strong>
          <span>{phase.problem.message}</span>
          <button type="button" onClick={() => void state.connect()}>
            {TEXTS.connection.again}
          </button>
        </div>
      )}
      {phase.kind === 'ready' &&
        troubled.map(({ name, state: how, reason }) => (
          <div key={name} class="bar bar-bad">
            <strong>{how === 'lost' ? TEXTS.connection.lost(name) : TEXTS.connection.closed(name)}</strong>
            {reason !== undefined && <span class="faint">{reason}</span>}
          </div>
        ))}
      {troubled.length === 0 && <LastGap gap={state.gaps.value.at(-1)} />}
    </div>
  );
}

function LastGap({ gap }: { readonly gap: Gap | undefined }): JSX.Element | null {
  const [hidden, hide] = useState<number>();
  if (gap?.untilMs === undefined || hidden === gap.fromMs) return null;
  return (
    <div class="bar bar-note">
      <span>{TEXTS.connection.back(timeText(gap.fromMs), timeText(gap.untilMs))}</span>
      <button type="button" class="quiet" onClick={() => hide(gap.fromMs)}>
        {TEXTS.connection.dismiss}
      </button>
    </div>
  );
}
