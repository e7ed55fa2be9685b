import type { JSX } from 'preact';
import { TEXTS } from '../../texts.js';
import type { ListedService } from '../../worker/protocol.js';

export function StateBadge({ state }: { readonly state: ListedService['state'] }): JSX.Element {
  return (
    <span class={`badge state-${state}`} title={TEXTS.services.stateMeans[state]}>
      {TEXTS.services.states[state]}
    </span>
  );
}
